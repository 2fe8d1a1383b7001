//! Where things are: SDKs' base paths, native paths, other operations.

use roundhouse_tests::house::providers;
use roundhouse_tests::{Dialect, Fake, House, KEY, Reply, provider};
use serde_json::json;

#[tokio::test]
async fn base_paths_of_all_sdks_lead_to_the_same_operations() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let all = [
        provider("openai", "openai", &fake.url(), &["pk-1"], &["o"]),
        provider("anthropic", "anthropic", &fake.url(), &["pk-2"], &["a"]),
        provider("gemini", "gemini", &fake.url(), &["pk-3"], &["g"]),
    ];
    let house = House::start(json!({ "providers": all })).await;
    for (base, dialect, model) in [
        ("/openai", Dialect::Chat, "o"),
        ("/openai", Dialect::Responses, "o"),
        ("/anthropic", Dialect::Messages, "a"),
        ("/gemini", Dialect::Gemini, "g"),
    ] {
        let path = format!("{base}{}", dialect.path(model, false));
        let answer = house.post(&path).json(&dialect.request(model, false)).send().await;
        assert_eq!((answer.status, dialect.text(&answer).as_str()), (200, "hello"), "{path}");
        assert_eq!(fake.last().path(), dialect.path(model, false));
    }
    let head = house.client().ask(http::Method::HEAD, "/").send().await;
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[tokio::test]
async fn work_that_a_models_providers_do_not_do_is_refused_with_the_path_to_use() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let house =
        House::start(json!({ "providers": [provider("up", "anthropic", &fake.url(), &["pk-1"], &["a"])] }))
            .await;
    let answer = house.post("/v1/embeddings").json(&json!({ "model": "a", "input": "x" })).send().await;
    Dialect::Chat.assert_error(&answer, 400, "invalid_request_error");
    assert_eq!(answer.json()["error"]["code"], "protocol_not_served");
    assert!(answer.text().contains("/v1/messages"), "{}", answer.text());
    assert_eq!(fake.count(), 0);
}

#[tokio::test]
async fn native_paths_keep_every_byte_but_the_credential() {
    let fake = Fake::new(|_| Reply::body(201, "text/x-odd", "as it is").header("x-theirs", "1")).await;
    let mut house =
        House::start(json!({ "providers": [provider("up", "openai", &fake.url(), &["pk-1"], &["m"])] }))
            .await;
    let odd = "{ \"model\" : \"whatever\", \"big\":123456789012345678901 }";
    for path in ["/v1/fine_tuning/jobs?limit=2&after=x", "/fine_tuning/jobs?limit=2&after=x"] {
        let answer =
            house.post(&format!("/proxy/up{path}")).text(odd).header("openai-beta", "x").send().await;
        assert_eq!((answer.status, answer.text()), (201, "as it is"));
        assert_eq!((answer.header("x-theirs"), answer.header("x-roundhouse-provider")), ("1", "up"));
        let seen = fake.last();
        assert_eq!(
            (seen.method.as_str(), seen.target.as_str()),
            ("POST", "/v1/fine_tuning/jobs?limit=2&after=x")
        );
        assert_eq!(
            (&seen.body[..], seen.header("openai-beta"), seen.credential()),
            (odd.as_bytes(), "x", "pk-1")
        );
        let logged = house.logged(answer.id()).await;
        assert_eq!((&logged["operation"], &logged["status"]), (&json!("proxy"), &json!(201)));
    }
    for method in ["GET", "DELETE", "PUT", "PATCH"] {
        let method: http::Method = method.parse().unwrap();
        let answer = house
            .client()
            .ask(method.clone(), "/proxy/up/v1/files/f-1")
            .header("x-api-key", KEY)
            .send()
            .await;
        assert_eq!((answer.status, fake.last().method.as_str()), (201, method.as_str()));
    }
    let answer = house.post("/proxy/nobody/v1/x").text("{}").send().await;
    Dialect::Chat.assert_error(&answer, 404, "invalid_request_error");
    assert_eq!(answer.json()["error"]["code"], "unknown_pool");
}

#[tokio::test]
async fn a_pool_shares_native_calls_and_fails_over() {
    let broken = Fake::new(|_| Reply::json(503, &json!({ "error": { "message": "down" } }))).await;
    let good = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let all = [
        provider("a", "openai", &broken.url(), &["pk-1"], &["m"]),
        provider("b", "openai", &good.url(), &["pk-2"], &["m"]),
    ];
    let pools = json!([{ "name": "both", "providers": [{ "provider": "a" }, { "provider": "b" }] }]);
    let mut house = House::start(
        json!({ "providers": all, "pools": pools, "gateway": { "breaker": { "failures": 0 } } }),
    )
    .await;
    let mut asked_first = Vec::new();
    for stream in [false, true, false, true] {
        let answer = house
            .post("/proxy/both/v1/chat/completions")
            .json(&Dialect::Chat.request("m", stream))
            .send()
            .await;
        assert_eq!(
            (answer.status, Dialect::Chat.text(&answer).as_str()),
            (200, "hello"),
            "{}",
            answer.text()
        );
        asked_first.push(providers(&house.logged(answer.id()).await)[0].clone());
    }
    asked_first.sort();
    assert_eq!(asked_first, ["a", "a", "b", "b"]);
}

#[tokio::test]
async fn other_operations_reach_their_own_paths() {
    let fake = Fake::new(|seen| {
        if seen.path().ends_with("/audio/speech") {
            return Reply::body(200, "audio/mpeg", vec![0xff_u8, 0xfb, 0, 1]);
        }
        Reply::json(200, &json!({ "data": [{ "embedding": [0.25], "index": 0 }], "usage": { "prompt_tokens": 3, "total_tokens": 3 } }))
    })
    .await;
    let mut up = provider("up", "openai", &fake.url(), &["pk-1"], &[]);
    up["models"] = json!([{ "name": "m-1", "as": "m" }]);
    let house = House::start(json!({ "providers": [up] })).await;
    for path in ["embeddings", "moderations", "rerank", "images/generations"] {
        let answer = house
            .post(&format!("/v1/{path}"))
            .json(&json!({ "model": "m", "input": "x", "prompt": "x" }))
            .send()
            .await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        assert_eq!((fake.last().path(), fake.last().model().as_str()), (&*format!("/v1/{path}"), "m-1"));
    }
    let speech = house
        .post("/v1/audio/speech")
        .json(&json!({ "model": "m", "input": "x", "voice": "alloy" }))
        .send()
        .await;
    assert_eq!(
        (speech.status, speech.header("content-type"), &speech.body[..]),
        (200, "audio/mpeg", &[0xff, 0xfb, 0, 1][..])
    );
    let form = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; \
                filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\n\u{1}\u{2}m\r\n--b--\r\n";
    let ask = house
        .post("/v1/audio/transcriptions")
        .header("content-type", "multipart/form-data; boundary=b")
        .body(form);
    assert_eq!(ask.send().await.status, 200);
    assert_eq!(fake.last().body, form.replacen("\r\n\r\nm\r\n", "\r\n\r\nm-1\r\n", 1));
}

#[tokio::test]
async fn a_stored_response_is_asked_of_who_stores_it_with_its_key() {
    let fake = Fake::new(|seen| match seen.method.as_str() {
        "POST" => Reply::json(200, &{
            let mut response = Dialect::Responses.whole("hello");
            response["id"] = format!("resp_{}", seen.credential()).into();
            response
        }),
        _ => Reply::json(200, &json!({ "asked_with": seen.credential(), "at": seen.target })),
    })
    .await;
    let house = House::start(
        json!({ "providers": [provider("up", "openai", &fake.url(), &["pk-1", "pk-2", "pk-3"], &["m"])] }),
    )
    .await;
    for _ in 0..3 {
        let made =
            house.post("/v1/responses").json(&Dialect::Responses.request("m", false)).send().await.json();
        let id = made["id"].as_str().unwrap();
        for _ in 0..2 {
            let found = house.get(&format!("/v1/responses/{id}?include=x")).send().await.json();
            assert_eq!(found["asked_with"], id.trim_start_matches("resp_"));
            assert_eq!(found["at"], format!("/v1/responses/{id}?include=x"));
        }
    }
    let followed = json!({ "model": "m", "input": "and?", "previous_response_id": "resp_pk-2" });
    house.post("/v1/responses").json(&followed).send().await;
    assert_eq!(fake.last().credential(), "pk-2");
}
