//! Azure's two surfaces: deployments with a dated version, and the one that is shaped like OpenAI's.

use roundhouse_tests::{Dialect, Fake, House, KEY, Seen, provider};
use serde_json::{Value, json};

fn azure(base_url: &str, api_version: Option<&str>) -> Value {
    let mut azure = provider("azure", "azure", base_url, &["azure-key"], &[]);
    azure["models"] = json!([{ "name": "my-deployment", "as": "gpt" }]);
    if let Some(version) = api_version {
        azure["api_version"] = version.into();
    }
    json!({ "providers": [azure] })
}

fn assert_azures_credential(seen: &Seen) {
    assert_eq!((seen.header("api-key"), seen.header("authorization")), ("azure-key", ""));
    assert!(!format!("{seen:?}").contains(KEY), "{seen:?}");
}

#[tokio::test]
async fn a_dated_version_leads_to_the_deployment() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "one two three")).await;
    for base in [fake.url(), format!("{}/openai", fake.url())] {
        let house = House::start(azure(&base, Some("2024-10-21"))).await;
        for stream in [false, true] {
            let answer = Dialect::Chat.ask(house.client(), KEY, "gpt", stream).send().await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            assert_eq!(Dialect::Chat.text(&answer), "one two three");
            assert_eq!(answer.header("content-type").starts_with("text/event-stream"), stream);
            let seen = fake.last();
            assert_eq!(
                seen.target,
                "/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21"
            );
            assert_eq!(seen.json(), Dialect::Chat.request("my-deployment", stream));
            assert_azures_credential(&seen);
        }
        let path = "/v1/chat/completions?api-version=2020-01-01&other=1";
        house.post(path).json(&Dialect::Chat.request("gpt", false)).send().await;
        let query = fake.last().target.split_once('?').unwrap().1.to_owned();
        assert_eq!(query, "api-version=2024-10-21&other=1", "the operator's version counts");
        let answer = Dialect::Responses.ask(house.client(), KEY, "gpt", false).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(fake.last().target, "/openai/responses?api-version=2024-10-21");
        assert_eq!(fake.last().model(), "my-deployment");
    }
}

#[tokio::test]
async fn without_a_dated_version_the_surface_shaped_like_openais_is_used() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "one two three")).await;
    let v1 = format!("{}/openai/v1", fake.url());
    for (base, version, query) in
        [(fake.url(), None, ""), (v1, None, ""), (fake.url(), Some("preview"), "?api-version=preview")]
    {
        let house = House::start(azure(&base, version)).await;
        for (dialect, path) in [(Dialect::Chat, "chat/completions"), (Dialect::Responses, "responses")] {
            for stream in [false, true] {
                let answer = dialect.ask(house.client(), KEY, "gpt", stream).send().await;
                assert_eq!(answer.status, 200, "{}", answer.text());
                assert_eq!(dialect.text(&answer), "one two three");
                let seen = fake.last();
                assert_eq!(seen.target, format!("/openai/v1/{path}{query}"));
                assert_eq!(seen.json(), dialect.request("my-deployment", stream));
                assert_azures_credential(&seen);
            }
        }
    }
}
