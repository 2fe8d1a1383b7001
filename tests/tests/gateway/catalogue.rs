//! What is known of models shows in their lists, and in what an answer costs.

use roundhouse_tests::{Dialect, Fake, House, provider};
use serde_json::{Value, json};

const COST: &str = "x-roundhouse-cost-usd";

async fn house(fake: &Fake, catalogue: Value) -> House {
    let mut up = provider("up", "openai", &fake.url(), &["pk-1"], &["gpt-4o", "mystery"]);
    let named = json!({ "name": "my-deployment", "as": "o4-mini" });
    up["models"].as_array_mut().unwrap().push(named);
    House::start(json!({ "providers": [up], "catalogue": catalogue })).await
}

async fn cost(house: &House, model: &str, stream: bool) -> String {
    let ask = house.post(&Dialect::Chat.path(model, stream)).json(&Dialect::Chat.request(model, stream));
    let answer = ask.send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.header(COST).to_owned()
}

#[tokio::test]
async fn a_whole_answer_tells_what_it_cost_where_that_is_known() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let house = house(&fake, json!([])).await;
    assert_eq!(cost(&house, "gpt-4o", false).await, "0.0000975", "11 tokens in, 7 out");
    assert_eq!(cost(&house, "o4-mini", false).await, "0.0000429", "the public name tells what the model is");
    assert_eq!(cost(&house, "mystery", false).await, "");
    assert_eq!(cost(&house, "gpt-4o", true).await, "", "a stream's headers are gone before its end");
}

#[tokio::test]
async fn a_declared_price_goes_before_the_known_one() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let catalogue = json!([
        { "match": "gpt-4o", "provider": "up", "prices": { "input": 1, "output": 2 } },
        { "match": "myst*", "context_tokens": 4_096, "prices": { "input": 0, "output": 0 } },
    ]);
    let house = house(&fake, catalogue).await;
    assert_eq!(cost(&house, "gpt-4o", false).await, "0.000025");
    assert_eq!(cost(&house, "mystery", false).await, "0");
    assert_eq!(house.get("/v1/models/mystery").send().await.json()["context_window"], 4_096);
}

#[tokio::test]
async fn model_lists_tell_limits_in_the_callers_protocol() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let house = house(&fake, json!([])).await;
    let openai = house.get("/v1/models/gpt-4o").send().await.json();
    assert_eq!((&openai["context_window"], &openai["max_output_tokens"]), (&json!(128_000), &json!(16_384)));
    let ask = house.get("/v1/models/gpt-4o").header("anthropic-version", "2023-06-01");
    let anthropic = ask.send().await.json();
    assert_eq!(
        (&anthropic["max_input_tokens"], &anthropic["display_name"]),
        (&json!(128_000), &json!("GPT-4o"))
    );
    let gemini = house.get("/v1beta/models/gpt-4o").send().await.json();
    assert_eq!((&gemini["inputTokenLimit"], &gemini["thinking"]), (&json!(128_000), &json!(false)));
    let unknown = house.get("/v1/models/mystery").send().await.json();
    assert_eq!(unknown.get("context_window"), None);
}
