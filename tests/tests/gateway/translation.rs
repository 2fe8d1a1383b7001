//! Callers of every protocol at providers of every kind: nobody notices that they speak different languages.

mod errors;
mod foreign;
mod losses;
mod media;
mod streams;
mod text;
mod tools;

use roundhouse_tests::house::merge;
use roundhouse_tests::{Answer, Caller, Fake, House, Reply, Said, Seen, Upstream};
use serde_json::{Value, json};

/// A server before one provider of each kind, which all answer by one script.
struct World {
    fake: Fake,
    house: House,
}

impl World {
    /// With what the providers say to whatever they are asked.
    async fn saying(said: Said) -> Self {
        Self::new(move |seen| Upstream::answer(seen, &said), &json!({})).await
    }

    /// With more settings.
    async fn new(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static, config: &Value) -> Self {
        let fake = Fake::new(script).await;
        let providers = Upstream::ALL.map(|upstream| upstream.provider(&fake.url()));
        let mut whole = json!({ "providers": providers, "gateway": { "breaker": { "failures": 0 } } });
        merge(&mut whole, config);
        Self { house: House::start(whole).await, fake }
    }

    async fn ask(&self, caller: Caller, upstream: Upstream, question: &Value, stream: bool) -> Answer {
        caller.ask(self.house.client(), upstream.name(), question, stream).send().await
    }
}

/// Every caller with every provider, whole and streamed; but for what passes through where the script cannot follow.
fn pairs(callers: &[Caller]) -> impl Iterator<Item = (Caller, Upstream, bool)> {
    let with_upstreams = |caller: Caller| Upstream::ALL.map(|upstream| (caller, upstream));
    let pairs = callers.iter().copied().flat_map(with_upstreams);
    pairs
        .filter(|pair| {
            !matches!(
                pair,
                (Caller::Completions, Upstream::Compatible)
                    | (Caller::GeminiArray, Upstream::Gemini | Upstream::Vertex)
            )
        })
        .flat_map(|(caller, upstream)| [false, true].map(|stream| (caller, upstream, stream)))
}
