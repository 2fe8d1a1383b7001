//! What a caller sends reaches the provider as it is, and the other way round, but for the model, credentials and rules.

use bytes::Bytes;
use roundhouse_tests::proxies::{Language, Proxy};
use roundhouse_tests::{Dialect, Fake, House, KEY, Reply, Setup, provider};
use serde_json::json;

/// Unknown fields, an order, blanks, escapes and numbers that no parser gives back as they were.
const ODD: &str = concat!(
    "{ \"zeta\" : {\"big\":123456789012345678901234567890, \"tiny\":1.10, \"exp\":1E5},\r\n\t",
    "\"model\"  :  \"public\"  ,\"text\":\"\\u00e9\\/ \u{4f60}\u{597d}\",\"alpha\":[ ],",
    "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"input\":\"hi\",\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}],",
    "\"max_tokens\": 9,\"metadata\":{\"model\":\"public\"}}  ",
);

async fn house(fake: &Fake, dialect: Dialect) -> House {
    let mut provider = provider("up", dialect.kind(), &fake.url(), &["pk-1"], &[]);
    provider["models"] = json!([{ "name": "upstream-1", "as": "public" }]);
    House::start(json!({ "providers": [provider] })).await
}

#[tokio::test]
async fn only_the_models_bytes_change_in_a_body() {
    for dialect in Dialect::ALL {
        let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
        let house = house(&fake, dialect).await;
        let answer = house.post(&dialect.path("public", false)).text(ODD).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(dialect.text(&answer), "hello");
        let expected = match dialect {
            Dialect::Gemini => ODD.to_owned(),
            _ => ODD.replacen("\"public\"", "\"upstream-1\"", 1),
        };
        let seen = fake.last();
        assert_eq!(std::str::from_utf8(&seen.body).unwrap(), expected, "{dialect:?}");
        assert_eq!(seen.header("content-length"), expected.len().to_string());
        assert_eq!(seen.path(), dialect.path("upstream-1", false));
    }
}

#[tokio::test]
async fn headers_and_query_go_on_and_credentials_are_exchanged() {
    let places = [
        (Dialect::Chat, "authorization", "Bearer pk-1"),
        (Dialect::Messages, "x-api-key", "pk-1"),
        (Dialect::Gemini, "x-goog-api-key", "pk-1"),
    ];
    for (dialect, name, value) in places {
        let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
        let house = house(&fake, dialect).await;
        let path = format!("{}?beta=true&key={KEY}&other=a%20b", dialect.path("public", false));
        let ask = house.client().post(&path).json(&dialect.request("public", false)).bearer(KEY);
        let ask = ask.header("x-api-key", KEY).header("x-goog-api-key", KEY).header("cookie", "a=b");
        let ask = ask.header("anthropic-beta", "context-1m,tools").header("x-stainless-lang", "python");
        let ask = ask.header("x-forwarded-for", "9.9.9.9").header("connection", "x-hop").header("x-hop", "1");
        assert_eq!(ask.send().await.status, 200);
        let seen = fake.last();
        assert_eq!(seen.target.split_once('?').unwrap().1, "beta=true&other=a%20b");
        assert_eq!(
            (seen.header("anthropic-beta"), seen.header("x-stainless-lang")),
            ("context-1m,tools", "python")
        );
        assert_eq!(seen.header("host"), fake.url().trim_start_matches("http://"));
        assert_eq!(seen.header(name), value, "{dialect:?}");
        for (other, _) in seen.headers.iter().filter(|(other, _)| *other != name) {
            let gone = [
                "authorization",
                "x-api-key",
                "x-goog-api-key",
                "api-key",
                "cookie",
                "x-forwarded-for",
                "x-hop",
            ];
            assert!(!gone.contains(&other.as_str()), "{dialect:?}: {other}");
        }
        assert!(!format!("{seen:?}").contains(KEY), "{seen:?}");
    }
}

#[tokio::test]
async fn any_of_the_four_credentials_opens_the_door() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let house = house(&fake, Dialect::Chat).await;
    let request = Dialect::Chat.request("public", false);
    for (name, value) in [
        ("authorization", format!("bearer {KEY}")),
        ("x-api-key", KEY.into()),
        ("x-goog-api-key", KEY.into()),
    ] {
        let answer =
            house.client().post("/v1/chat/completions").json(&request).header(name, &value).send().await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.text());
    }
    let answer = house.client().post(&format!("/v1/chat/completions?key={KEY}")).json(&request).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test]
async fn a_streams_bytes_are_the_providers_own() {
    let odd = concat!(
        ": a comment of theirs\r\n\r\n",
        "id: 7\r\nevent: unheard-of\r\ndata: {\"x\" : 1}\r\n\r\n",
        "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],\"vendor\":  {\"big\":18446744073709551617}}\n\n",
        "retry: 10\n\ndata:{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
        "data: [DONE]\n\n",
    );
    let fake = Fake::new(move |_| Reply::events([odd.to_owned()])).await;
    let house = house(&fake, Dialect::Chat).await;
    let answer = Dialect::Chat.ask(house.client(), KEY, "public", true).send().await;
    assert_eq!((answer.status, answer.text()), (200, odd));
    assert_eq!(answer.header("content-type"), "text/event-stream");
    for dialect in Dialect::ALL {
        let stream = dialect.stream("one two three");
        let sent = stream.clone();
        fake.script(move |_| Reply::events(sent.clone()));
        let house = self::house(&fake, dialect).await;
        let answer = dialect.ask(house.client(), KEY, "public", true).send().await;
        assert_eq!(answer.text(), stream.concat(), "{dialect:?}");
    }
}

#[tokio::test]
async fn response_headers_are_kept_but_those_of_the_connection_and_the_host() {
    let fake = Fake::new(|seen| {
        let reply = Dialect::answer(seen, "hello")
            .header("openai-processing-ms", "12")
            .header("x-ratelimit-remaining-requests", "99");
        let reply = reply
            .header("set-cookie", "a=b")
            .header("alt-svc", "h3")
            .header("access-control-allow-origin", "*");
        reply
            .header("connection", "x-hop")
            .header("x-hop", "1")
            .header("x-request-id", "theirs")
            .header("x-roundhouse-provider", "forged")
    })
    .await;
    let mut house = house(&fake, Dialect::Chat).await;
    for stream in [false, true] {
        let answer = Dialect::Chat.ask(house.client(), KEY, "public", stream).send().await;
        assert_eq!(
            (answer.header("openai-processing-ms"), answer.header("x-ratelimit-remaining-requests")),
            ("12", "99")
        );
        for name in ["set-cookie", "alt-svc", "access-control-allow-origin", "x-hop"] {
            assert!(!answer.headers.contains_key(name), "{name}");
        }
        assert_eq!(
            (answer.header("x-roundhouse-provider"), answer.header("x-roundhouse-attempts")),
            ("up", "1")
        );
        let logged = house.logged(answer.id()).await;
        assert_eq!(logged["stream"], stream);
        assert_eq!(
            logged["usage"],
            json!({ "input": 11, "output": 7, "cached": 0, "cache_write": 0, "reasoning": 0, "audio_input": 0, "audio_output": 0 })
        );
        assert_eq!(
            (&logged["access_key"], &logged["model"], &logged["outcome"]),
            (&"test".into(), &"public".into(), &"ok".into())
        );
        assert_eq!(logged["attempts"][0]["model"], "upstream-1");
    }
}

#[tokio::test]
async fn rules_change_bodies_and_headers_as_declared() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut up = provider("up", "openai-compatible", &fake.url(), &["pk-1"], &[]);
    up["models"] = json!([{ "name": "m-1", "as": "m", "body": { "set": { "temperature": 0.5 }, "remove": ["user"] } }, "plain"]);
    up["body"] = json!({ "set": { "reasoning": { "effort": "low" }, "temperature": 1 }, "remove": ["stream_options.include_usage"] });
    up["headers"] = json!({ "x-who": "{{access_key}} asks {{provider}} for {{model}} with {{api_key}}", "x-id": "{{request_id}}" });
    up["remove_headers"] = json!(["x-drop"]);
    let mut strict = provider("strict", "openai-compatible", &fake.url(), &["pk-2"], &["s"]);
    strict["forward_headers"] = json!(["x-session-id"]);
    let house = House::start(json!({ "providers": [up, strict] })).await;

    let body = json!({ "model": "m", "user": "u", "reasoning": { "summary": "auto" }, "messages": [],
        "stream_options": { "include_usage": true, "other": 1 } });
    let answer = house
        .post("/v1/chat/completions")
        .json(&body)
        .header("x-drop", "1")
        .header("x-keep", "1")
        .send()
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let seen = fake.last();
    let expected = json!({ "model": "m-1", "reasoning": { "summary": "auto", "effort": "low" }, "messages": [],
        "stream_options": { "other": 1 }, "temperature": 0.5 });
    assert_eq!(seen.json(), expected);
    assert_eq!(seen.header("x-who"), "test asks up for m-1 with pk-1");
    assert_eq!(seen.header("x-id"), answer.id());
    assert_eq!((seen.header("x-drop"), seen.header("x-keep")), ("", "1"));

    let ask = house.post("/v1/chat/completions").json(&Dialect::Chat.request("s", false));
    ask.header("x-session-id", "7").header("x-other", "1").header("user-agent", "sdk").send().await;
    let seen = fake.last();
    assert_eq!(
        (seen.header("x-session-id"), seen.header("x-other"), seen.header("user-agent")),
        ("7", "", "")
    );
    assert_eq!((seen.header("content-type"), seen.credential()), ("application/json", "pk-2"));
}

#[tokio::test]
async fn base_urls_share_by_weight() {
    let fakes = [
        Fake::new(|seen| Dialect::answer(seen, "a")).await,
        Fake::new(|seen| Dialect::answer(seen, "b")).await,
        Fake::new(|seen| Dialect::answer(seen, "c")).await,
    ];
    let mut up = provider("up", "openai-compatible", "", &["pk-1"], &["m"]);
    up.as_object_mut().unwrap().remove("base_url");
    up["base_urls"] = [2, 1, 0]
        .iter()
        .zip(&fakes)
        .map(|(weight, fake)| json!({ "url": fake.v1(), "weight": weight }))
        .collect();
    let house = House::start(json!({ "providers": [up] })).await;
    for _ in 0..9 {
        assert_eq!(house.chat("m").await.status, 200);
    }
    assert_eq!(fakes.each_ref().map(Fake::count), [6, 3, 0]);
}

#[tokio::test]
async fn a_dead_base_url_is_passed_over_and_then_left_alone() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let dead = roundhouse_tests::fake::Vacant::new();
    let mut up = provider("up", "openai-compatible", "", &["pk-1", "pk-2"], &["m"]);
    up.as_object_mut().unwrap().remove("base_url");
    up["base_urls"] = json!([{ "url": format!("{}/v1", dead.url()) }, { "url": fake.v1() }]);
    let house = House::start(json!({ "providers": [up] })).await;
    let mut attempts = Vec::new();
    for _ in 0..8 {
        let answer = house.chat("m").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        attempts.push(answer.header("x-roundhouse-attempts").to_owned());
    }
    assert_eq!(attempts, ["2", "1", "1", "1", "1", "1", "1", "1"]);
}

#[tokio::test]
async fn outbound_proxies_lead_to_the_provider() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let (http, socks) = (Proxy::new(Language::Http).await, Proxy::new(Language::Socks5).await);
    let mut first = provider("first", "openai-compatible", &fake.url(), &["pk-1"], &["by-http"]);
    first["proxy"] = format!("http://me:secret@{}", http.address()).into();
    let mut second = provider("second", "openai-compatible", &fake.url(), &["pk-1"], &["by-socks"]);
    second["proxy"] = format!("socks5://{}", socks.address()).into();
    let house = House::start(json!({ "providers": [first, second] })).await;
    for model in ["by-http", "by-socks"] {
        let answer = house.chat(model).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let target = fake.url().trim_start_matches("http://").to_owned();
    assert_eq!(http.asked(), [format!("{target} Basic bWU6c2VjcmV0")]);
    assert_eq!(socks.asked(), [target]);
}

#[tokio::test]
async fn large_and_compressed_answers_pass_through_whole() {
    let large = format!(
        "{{\"choices\":[{{\"message\":{{\"content\":\"{}\"}},\"finish_reason\":\"stop\"}}]}}",
        "x".repeat(10 << 20)
    );
    let gzip: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 4];
    let sent = Bytes::from(large.clone());
    let fake = Fake::new(move |seen| match seen.model().as_str() {
        "large" => Reply::body(200, "application/json", sent.clone()),
        "chunked" => Reply::body(200, "application/json", sent.clone()).chunked(),
        _ => Reply::body(200, "application/json", gzip).header("content-encoding", "gzip"),
    })
    .await;
    let limits = json!({ "max_inspected_body_bytes": 1 << 20 });
    for gateway in [json!({}), limits] {
        let models = ["large", "chunked", "gzip"];
        let provider = provider("up", "openai-compatible", &fake.url(), &["pk-1"], &models);
        let house = Setup::new(&json!({ "gateway": gateway, "providers": [provider] })).start().await;
        for model in ["large", "chunked"] {
            let answer = house.chat(model).await;
            assert_eq!((answer.status, answer.complete, answer.body.len()), (200, true, large.len()));
            assert!(answer.body == large);
        }
        let answer = house.chat("gzip").await;
        assert_eq!((answer.status, answer.header("content-encoding"), &answer.body[..]), (200, "gzip", gzip));
        assert_eq!(fake.last().header("accept-encoding"), "identity");
    }
}
