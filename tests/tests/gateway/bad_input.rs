//! What no client should send: a clear refusal in the caller's protocol, and a server that goes on.

use roundhouse_tests::house::merge;
use roundhouse_tests::{Answer, Dialect, Fake, House, KEY, eventually, provider};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn house(fake: &Fake, more: Value) -> House {
    let all: Vec<_> = [("openai", "m"), ("anthropic", "c"), ("gemini", "g")]
        .iter()
        .map(|(kind, model)| provider(kind, kind, &fake.url(), &["pk-1"], &[model]))
        .collect();
    let mut config = json!({ "providers": all });
    merge(&mut config, &more);
    House::start(config).await
}

fn model_of(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Chat | Dialect::Responses => "m",
        Dialect::Messages => "c",
        Dialect::Gemini => "g",
    }
}

async fn post(house: &House, dialect: Dialect, body: impl Into<bytes::Bytes>) -> Answer {
    house.post(&dialect.path(model_of(dialect), false)).text(body).send().await
}

/// Sends bytes as they are and returns all that comes back.
async fn raw(house: &House, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", house.port())).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_refused_in_the_callers_protocol() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut house = house(&fake, json!({})).await;
    let deep = format!("{{\"model\":\"m\",\"messages\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for dialect in Dialect::ALL {
        let bodies: [&[u8]; 9] = [
            b"",
            b"   ",
            b"{\"model\": \"m\", \"messages\": [}",
            b"{\"model\": \"m\"",
            b"[]",
            b"\"model\"",
            b"null",
            b"{\"model\": \"m\", \"x\": \"\xff\xfe\"}",
            b"{\"model\": \"m\"} trailing",
        ];
        for body in bodies {
            let answer = post(&house, dialect, body.to_vec()).await;
            dialect.assert_error(&answer, 400, dialect.error_kind(400));
            assert_eq!(house.logged(answer.id()).await["outcome"], "caller_fault");
        }
        let answer = post(&house, dialect, deep.clone()).await;
        assert!([200, 400].contains(&answer.status), "{dialect:?}: {}", answer.status);
    }
    assert_eq!(house.chat("m").await.status, 200);
}

#[tokio::test]
async fn a_model_of_the_wrong_type_or_none_or_two_is_refused() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let house = house(&fake, json!({})).await;
    for dialect in [Dialect::Chat, Dialect::Responses, Dialect::Messages] {
        for body in [
            "{\"messages\":[]}",
            "{\"model\":7}",
            "{\"model\":null}",
            "{\"model\":[\"m\"]}",
            "{\"model\":\"\"}",
            "{\"model\":\"m\",\"model\":\"other\"}",
            "{\"model\":\"m\",\"stream\":\"yes\"}",
        ] {
            let answer = post(&house, dialect, body).await;
            dialect.assert_error(&answer, 400, dialect.error_kind(400));
            if dialect == Dialect::Chat {
                let field = if body.contains("stream") { "stream" } else { "model" };
                assert_eq!(answer.json()["error"]["param"], field, "{body}");
            }
        }
    }
    assert_eq!(fake.count(), 0);
}

#[tokio::test]
async fn bodies_beyond_the_limit_are_refused_whether_they_tell_their_size_or_not() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut house = house(&fake, json!({ "gateway": { "max_request_body_bytes": 10_000 } })).await;
    let body = format!("{{\"model\":\"m\",\"x\":\"{}\"}}", "x".repeat(20_000));
    for dialect in Dialect::ALL {
        let answer = post(&house, dialect, body.clone()).await;
        dialect.assert_error(&answer, 413, dialect.error_kind(413));
        assert_eq!(house.logged(answer.id()).await["status"], 413);
    }
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    let chunked = format!("{head}{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let answer = raw(&house, chunked.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let fits = format!("{{\"model\":\"m\",\"x\":\"{}\"}}", "x".repeat(9_900));
    assert_eq!(post(&house, Dialect::Chat, fits).await.status, 200);
}

#[tokio::test]
async fn heads_beyond_the_limit_are_refused() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let house = house(&fake, json!({ "server": { "max_header_bytes": 8192 } })).await;
    for dialect in Dialect::ALL {
        let ask =
            dialect.ask(house.client(), KEY, model_of(dialect), false).header("x-large", &"x".repeat(10_000));
        let answer = ask.send().await;
        dialect.assert_error(&answer, 413, dialect.error_kind(413));
    }
    let huge = format!("GET /v1/models HTTP/1.1\r\nhost: x\r\nx-huge: {}\r\n\r\n", "x".repeat(2 << 20));
    let answer = raw(&house, huge.as_bytes()).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{}", &answer[..answer.len().min(200)]);
    let many = "x-many: 1\r\n".repeat(500);
    let answer = raw(&house, format!("GET /v1/models HTTP/1.1\r\nhost: x\r\n{many}\r\n").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    assert_eq!(house.chat("m").await.status, 200);
}

#[tokio::test]
async fn what_is_no_http_is_refused_and_harms_nobody() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let house = house(&fake, json!({})).await;
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"hello\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
    ] {
        let answer = raw(&house, bytes).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    let smuggled = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef"
    );
    assert!(raw(&house, smuggled.as_bytes()).await.starts_with("HTTP/1.1 400 "));
    assert_eq!(house.chat("m").await.status, 200);
}

#[tokio::test]
async fn clients_that_dawdle_are_cut() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut house =
        house(&fake, json!({ "server": { "header_timeout": "300ms", "body_timeout": "300ms" } })).await;
    let slow_head = raw(&house, b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-slow").await;
    assert!(slow_head.is_empty() || slow_head.starts_with("HTTP/1.1 408 "), "{slow_head}");
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\ncontent-length: 100\r\n\r\n{{\"model\""
    );
    let slow_body = raw(&house, head.as_bytes()).await;
    assert!(slow_body.starts_with("HTTP/1.1 408 ") || slow_body.starts_with("HTTP/1.1 400 "), "{slow_body}");
    assert!(slow_body.contains("did not arrive in time"), "{slow_body}");
    let logged =
        eventually("it is in the log", async || house.requests("outcome=caller_fault").await.pop()).await;
    assert_eq!(logged["attempts"], json!([]));
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_the_language_of_the_place() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let house = house(&fake, json!({})).await;
    for (method, path, dialect) in [
        ("POST", "/v1/unheard/of", Dialect::Chat),
        ("GET", "/v1/chat/completions", Dialect::Chat),
        ("PUT", "/v1/responses", Dialect::Responses),
        ("GET", "/v1/messages", Dialect::Messages),
        ("POST", "/v1/messages/batches/unheard", Dialect::Messages),
        ("POST", "/v1beta/models/g:unheardOf", Dialect::Gemini),
        ("GET", "/v1beta/unheard", Dialect::Gemini),
        ("POST", "/proxy/openai", Dialect::Chat),
    ] {
        let answer = house.client().ask(method.parse().unwrap(), path).bearer(KEY).send().await;
        assert!([404, 405].contains(&answer.status), "{method} {path}: {}", answer.status);
        dialect.assert_error(&answer, answer.status, dialect.error_kind(404));
        assert!(!answer.id().is_empty());
    }
    let api = house.client().get("/api/v1/unheard").send().await;
    assert_eq!((api.status, api.header("content-type")), (404, "application/problem+json"));
    let page = house.client().get("/unheard").send().await;
    assert_eq!(page.status, 404);
    assert_eq!(fake.count(), 0);
}

#[tokio::test]
async fn odd_paths_cannot_leave_the_providers_base() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let house = house(&fake, json!({})).await;
    for path in [
        "/v1beta/models/..%2f..%2fadmin:generateContent",
        "/v1beta/models/g%0d%0ax-evil:%201:generateContent",
    ] {
        let answer = house.post(path).json(&Dialect::Gemini.request("g", false)).send().await;
        Dialect::Gemini.assert_error(&answer, 404, "NOT_FOUND");
    }
    assert_eq!(fake.count(), 0);
}
