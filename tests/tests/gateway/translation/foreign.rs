//! Answers in another dialect than the one that was asked for, as relays give them.

use roundhouse_tests::{Fake, House, Reply, provider};
use serde_json::json;

const CHUNKS: &str = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\
    \"delta\":{\"role\":\"assistant\",\"content\":\"hello\"},\"finish_reason\":null}]}\n\n\
    data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\
    \"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

async fn house(answer: Reply) -> (Fake, House) {
    let fake = Fake::new(move |_| answer.clone()).await;
    let config = json!({ "providers": [provider("up", "openai", &fake.url(), &["pk-1"], &["m"])] });
    let house = House::start(config).await;
    (fake, house)
}

#[tokio::test]
async fn a_whole_answer_in_another_dialect_is_read_in_that_one() {
    let chat = json!({ "id": "c", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{ "index": 0, "message": { "role": "assistant", "content": "hello" }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3 } });
    let (fake, house) = house(Reply::json(200, &chat)).await;
    let answer = house.post("/v1/responses").json(&json!({ "model": "m", "input": "hi" })).send().await;
    assert_eq!((answer.status, fake.count()), (200, 1), "{}", answer.text());
    assert_eq!(answer.json()["output"][0]["content"][0]["text"], "hello");
}

#[tokio::test]
async fn a_stream_in_another_dialect_is_read_in_that_one() {
    let (fake, house) = house(Reply::body(200, "text/event-stream", CHUNKS)).await;
    let asked = json!({ "model": "m", "input": "hi", "stream": true });
    let answer = house.post("/v1/responses").json(&asked).send().await;
    assert_eq!((answer.status, fake.count()), (200, 1), "{}", answer.text());
    assert!(answer.text().contains("response.output_text.delta"), "{}", answer.text());
    assert!(answer.text().contains("response.completed"), "{}", answer.text());
}
