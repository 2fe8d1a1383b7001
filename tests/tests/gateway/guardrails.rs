//! What guardrails do to requests and answers.

use roundhouse_tests::house::verdicts;
use roundhouse_tests::{Answer, Dialect, Fake, House, KEY, Reply, eventually, provider};
use serde_json::{Value, json};

const OTHER: &str = "rh-the-access-key-of-another";

async fn house(fake: &Fake, guardrails: &Value) -> House {
    let up =
        |dialect: Dialect, model: &str| provider(model, dialect.kind(), &fake.url(), &["pk-1"], &[model]);
    let providers = Dialect::ALL.map(|dialect| up(dialect, name(dialect)));
    House::start(json!({
        "providers": providers,
        "access_keys": [{ "name": "tests", "key": KEY }, { "name": "other", "key": OTHER }],
        "guardrails": guardrails,
    }))
    .await
}

/// The model that a dialect's own provider serves.
const fn name(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Chat => "chat",
        Dialect::Responses => "responses",
        Dialect::Messages => "messages",
        Dialect::Gemini => "gemini",
    }
}

async fn ask(house: &House, dialect: Dialect, stream: bool) -> Answer {
    dialect.ask(house.client(), KEY, name(dialect), stream).send().await
}

async fn say(house: &House, key: &str, text: &str) -> Answer {
    let body = json!({ "model": "chat", "messages": [{ "role": "user", "content": text }] });
    house.client().post("/v1/chat/completions").bearer(key).json(&body).send().await
}

#[tokio::test]
async fn secrets_are_masked_in_answers_of_every_protocol_whole_and_streamed() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "the key is sk-abc123 indeed")).await;
    let mask = json!([{ "name": "secrets", "stages": ["answer"], "hold_back_bytes": 40,
        "patterns": [{ "pattern": "sk-[a-z0-9]+", "action": "mask", "replacement": "[key]" }] }]);
    let mut house = house(&fake, &mask).await;
    for dialect in Dialect::ALL {
        for stream in [false, true] {
            let answer = ask(&house, dialect, stream).await;
            assert_eq!(answer.status, 200, "{dialect:?} {stream}: {}", answer.text());
            assert!(!answer.text().contains("abc123"), "{dialect:?} {stream}: {}", answer.text());
            assert_eq!(dialect.text(&answer), "the key is [key] indeed", "{dialect:?} {stream}");
            let logged = house.logged(answer.id()).await;
            assert_eq!((&logged["outcome"], verdicts(&logged)), (&json!("ok"), vec!["ok".to_owned()]));
            assert_eq!(logged["guardrails"], json!(["secrets:masked"]), "{logged}");
        }
    }
}

#[tokio::test]
async fn what_must_not_pass_ends_an_answer_with_the_protocols_own_error() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "the launch code is 0000")).await;
    let block = json!([{ "name": "codes", "stages": ["answer"], "patterns": [{ "pattern": "launch code" }],
        "message": "ask somebody else" }]);
    let mut house = house(&fake, &block).await;
    for dialect in Dialect::ALL {
        let whole = ask(&house, dialect, false).await;
        assert_eq!(whole.status, 400, "{dialect:?}: {}", whole.text());
        assert!(whole.text().contains("`codes`: ask somebody else"), "{}", whole.text());
        let streamed = ask(&house, dialect, true).await;
        assert!(dialect.error_event(streamed.text()).is_some(), "{dialect:?}: {}", streamed.text());
        for answer in [&whole, &streamed] {
            assert!(!answer.text().contains("launch"), "{dialect:?}: {}", answer.text());
            let logged = house.logged(answer.id()).await;
            assert_eq!(logged["outcome"], "caller_fault", "{logged}");
            assert_eq!(logged["error"], "the guardrail codes blocked the answer");
        }
    }
}

#[tokio::test]
async fn requests_are_masked_in_place_or_refused_before_anybody_is_asked() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let rules = json!([{ "name": "pii", "stages": ["request"], "access_keys": ["tests"], "patterns": [
        { "pattern": "\\d{4} \\d{4}", "action": "mask" }, { "pattern": "(?i)bomb" }] }]);
    let house = house(&fake, &rules).await;
    assert_eq!(say(&house, KEY, "my card is 1234 5678!").await.status, 200);
    assert_eq!(fake.last().json()["messages"][0]["content"], "my card is ***!");
    assert_eq!(say(&house, OTHER, "my card is 1234 5678!").await.status, 200);
    assert_eq!(fake.last().json()["messages"][0]["content"], "my card is 1234 5678!");
    let asked = fake.count();
    let refused = say(&house, KEY, "how to build a Bomb").await;
    assert_eq!((refused.status, &refused.json()["error"]["code"]), (400, &json!("content_filter")));
    assert_eq!(fake.count(), asked);
    let native = json!({ "model": "chat", "messages": [{ "role": "user", "content": "a bomb" }] });
    assert_eq!(house.post("/proxy/chat/chat/completions").json(&native).send().await.status, 400);
}

#[tokio::test]
async fn a_model_of_our_own_judges_and_its_silence_counts_as_a_no_unless_told_otherwise() {
    let fake = Fake::new(|seen| match seen.path() {
        "/v1/moderations" => {
            let bad = seen.json()["input"].to_string().contains("hate");
            Reply::json(200, &json!({ "id": "m", "model": "mod", "results": [{ "flagged": bad, "categories": {}, "category_scores": {} }] }))
        }
        _ => Dialect::answer(seen, "I hate this"),
    })
    .await;
    let moderated =
        json!({ "name": "tone", "stages": ["request", "answer"], "moderation": { "model": "mod" } });
    let providers = json!([
        provider("chat", "openai-compatible", &fake.url(), &["pk-1"], &["chat"]),
        provider("judge", "openai", &fake.url(), &["pk-2"], &["mod"]),
    ]);
    let mut house = House::start(json!({ "providers": providers, "guardrails": [moderated] })).await;
    let refused = say(&house, KEY, "I hate you").await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    assert!(
        refused.text().contains("this request was blocked by the guardrail `tone`"),
        "{}",
        refused.text()
    );
    for stream in [false, true] {
        let answer = Dialect::Chat.ask(house.client(), KEY, "chat", stream).send().await;
        assert!(!answer.text().contains("hate"), "{}", answer.text());
        assert!(
            answer.text().contains("this answer was blocked by the guardrail `tone`"),
            "{}",
            answer.text()
        );
    }
    fake.script(|seen| match seen.path() {
        "/v1/moderations" => Reply::json(500, &json!({ "error": { "message": "no" } })),
        _ => Dialect::answer(seen, "hello"),
    });
    assert_eq!(say(&house, KEY, "hello").await.status, 400);
    house.configure(&json!({ "providers": providers, "access_keys": [{ "name": "tests", "key": KEY }],
        "guardrails": [{ "name": "tone", "moderation": { "model": "mod" }, "on_error": "allow" }] }));
    eventually("the new guardrail is in force", async || {
        (say(&house, KEY, "hello").await.status == 200).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_service_judges_and_masks_streams_as_a_whole() {
    let service = Fake::new(|seen| {
        let asked = seen.json();
        assert_eq!((&asked["guardrail"], &asked["access_key"]), (&json!("service"), &json!("tests")));
        assert_eq!(seen.credential(), "the-token");
        let texts = asked["texts"].as_array().unwrap().iter();
        let masked: Vec<String> =
            texts.map(|text| text.as_str().unwrap().replace("secret", "s*****")).collect();
        Reply::json(200, &json!({ "action": "mask", "texts": masked }))
    })
    .await;
    let fake = Fake::new(|seen| Dialect::answer(seen, "a secret for you")).await;
    let endpoint = json!({ "url": format!("{}/judge", service.url()), "token": "the-token" });
    let house =
        house(&fake, &json!([{ "name": "service", "stages": ["answer"], "endpoint": endpoint }])).await;
    for dialect in Dialect::ALL {
        for stream in [false, true] {
            let answer = ask(&house, dialect, stream).await;
            assert_eq!(dialect.text(&answer), "a s***** for you", "{dialect:?} {stream}: {}", answer.text());
            assert!(!answer.text().contains("secret"), "{}", answer.text());
        }
    }
}
