use http_body_util::BodyExt as _;

use super::*;

fn chat(model: &str, stream: bool) -> DemoAnswer {
    let body = json!({ "stream": stream, "messages": [{ "role": "user", "content": "hi" }] }).to_string();
    answer(&request(Operation::ChatCompletions, model, body.as_bytes()))
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_takes_its_time() {
    let started = tokio::time::Instant::now();
    let response = respond(chat("demo-slow", false)).await;
    assert_eq!(started.elapsed(), Duration::from_secs(2));
    assert_eq!(
        (response.status(), &response.headers()["content-type"]),
        (http::StatusCode::OK, &"application/json".parse().unwrap())
    );
    response.into_body().collect().await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn a_slow_stream_sends_its_head_at_once() {
    let started = tokio::time::Instant::now();
    let mut body = respond(chat("demo-slow", true)).await.into_body();
    assert_eq!(started.elapsed(), Duration::ZERO);
    body.frame().await.unwrap().unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(2));
    body.collect().await.unwrap();
    assert!(started.elapsed() > Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn a_cut_is_an_error_and_then_the_end() {
    let mut body = body(chat("demo-cut", true));
    let mut sent = 0;
    let error = loop {
        match body.frame().await.unwrap() {
            Ok(_) => sent += 1,
            Err(error) => break error,
        }
    };
    assert_eq!((sent, error), (4, DemoCut));
    assert!(body.frame().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn silence_outlasts_any_timeout() {
    let day = Duration::from_hours(24);
    assert!(tokio::time::timeout(day, respond(chat("demo-silent", false))).await.is_err());
    let mut body = body(chat("demo-silent", true));
    assert!(tokio::time::timeout(day, body.frame()).await.is_err());
}

#[tokio::test]
async fn a_whole_answer_knows_its_length() {
    let answer = chat("demo", false);
    let length = answer.length.unwrap();
    let body = body(answer);
    assert_eq!(http_body::Body::size_hint(&body).exact(), Some(length));
    assert_eq!(body.collect().await.unwrap().to_bytes().len() as u64, length);
}

#[test]
fn a_body_can_move_between_threads() {
    fn check<T: Send + Sync + Unpin>() {}
    check::<DemoBody>();
    check::<DemoAnswer>();
}
