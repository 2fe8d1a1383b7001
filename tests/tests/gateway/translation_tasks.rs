//! Work beside generating content, by providers that speak another language than the caller.

use roundhouse_tests::house::{providers, verdicts};
use roundhouse_tests::{Answer, Fake, House, Reply, Seen, provider, route};
use serde_json::{Value, json};

/// A request, whom it reaches in which form, and what comes of it.
struct Case {
    kind: &'static str,
    model: &'static str,
    path: &'static str,
    body: Value,
    upstream_path: &'static str,
    /// What stands where in the provider's request.
    asked: Vec<(&'static str, Value)>,
    answer: Value,
    /// What stands where in the caller's answer.
    told: Vec<(&'static str, Value)>,
    /// How many input tokens the log has.
    tokens: u64,
}

async fn house(fake: &Fake, kind: &str, model: &str) -> House {
    let mut provider = provider("up", kind, &fake.url(), &["AIza-provider-key"], &[model]);
    if kind == "bedrock" {
        provider["region"] = "us-east-1".into();
    }
    House::start(json!({ "providers": [provider] })).await
}

impl Case {
    async fn holds(self) {
        let answer = self.answer.clone();
        let fake = Fake::new(move |_| Reply::json(200, &answer)).await;
        let mut house = house(&fake, self.kind, self.model).await;
        let answer = house.post(self.path).json(&self.body).send().await;
        let name = format!("{} of {}: {}", self.path, self.kind, answer.text());
        assert_eq!(answer.status, 200, "{name}");
        assert_eq!(answer.header("content-type"), "application/json", "{name}");
        let seen = fake.last();
        assert_eq!(seen.target, self.upstream_path, "{name}");
        assert_eq!(seen.header("content-type"), "application/json", "{name}");
        for (pointer, value) in self.asked {
            assert_eq!(seen.json().pointer(pointer), Some(&value), "{pointer} in {} for {name}", seen.json());
        }
        for (pointer, value) in self.told {
            assert_eq!(answer.json().pointer(pointer), Some(&value), "{pointer} in {name}");
        }
        let logged = house.logged(answer.id()).await;
        assert_eq!(logged["usage"]["input"], self.tokens, "{logged}");
        assert_eq!(verdicts(&logged), ["ok"]);
    }
}

async fn hold(cases: Vec<Case>) {
    for case in cases {
        case.holds().await;
    }
}

/// A provider of Gemini's form whose vectors are the numbers that the texts are.
fn vectors(seen: &Seen) -> Reply {
    let requests = seen.json()["requests"].as_array().unwrap().clone();
    let number = |request: &Value| -> f64 {
        request["content"]["parts"][0]["text"].as_str().unwrap().parse().unwrap()
    };
    let embeddings: Vec<Value> =
        requests.iter().map(|request| json!({ "values": [number(request)] })).collect();
    let usage = json!({ "promptTokenCount": requests.len() });
    Reply::json(200, &json!({ "embeddings": embeddings, "usageMetadata": usage }))
}

fn error(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({ "error": { "code": status, "message": message, "status": "INTERNAL" } }))
}

fn many_texts(count: usize) -> Value {
    json!({ "model": "m", "input": (0..count).map(|index| index.to_string()).collect::<Vec<_>>() })
}

fn numbers(answer: &Answer) -> Vec<f64> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    let data = body["data"].as_array().unwrap();
    data.iter().map(|item| item["embedding"][0].as_f64().unwrap()).collect()
}

/// A form as SDKs send it: the model, a file, and other fields.
fn form(file: &str, fields: &[(&str, &str)]) -> (&'static str, String) {
    let fields = fields.iter().map(|(name, value)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    });
    let file = format!(
        "--b\r\nContent-Disposition: form-data; name=\"{file}\"; filename=\"a.bin\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n123\r\n--b--\r\n"
    );
    ("multipart/form-data; boundary=b", fields.collect::<String>() + &file)
}

#[tokio::test]
async fn embeddings_reach_providers_of_every_form() {
    let openai = |kind, model, upstream_path, asked, answer, tokens| Case {
        kind,
        model,
        path: "/v1/embeddings",
        body: json!({ "model": model, "input": "1", "encoding_format": "base64", "dimensions": 256 }),
        upstream_path,
        asked,
        answer,
        told: vec![("/data/0/embedding", json!("AACAPw==")), ("/model", json!(model))],
        tokens,
    };
    let data = json!({ "data": [{ "index": 0, "embedding": [1.0] }], "usage": { "prompt_tokens": 3 } });
    hold(vec![
        openai(
            "gemini",
            "gemini-embedding-001",
            "/v1beta/models/gemini-embedding-001:batchEmbedContents",
            vec![("/requests/0/model", json!("models/gemini-embedding-001"))],
            json!({ "embeddings": [{ "values": [1.0] }], "usageMetadata": { "promptTokenCount": 3 } }),
            3,
        ),
        openai(
            "vertex",
            "text-embedding-005",
            "/v1/publishers/google/models/text-embedding-005:predict",
            vec![("/instances/0/content", json!("1"))],
            json!({ "predictions": [{ "embeddings": { "values": [1.0], "statistics": { "token_count": 3 } } }] }),
            3,
        ),
        openai(
            "cohere",
            "embed-v4.0",
            "/v2/embed",
            vec![("/texts/0", json!("1")), ("/output_dimension", json!(256))],
            json!({ "embeddings": { "float": [[1.0]] }, "meta": { "billed_units": { "input_tokens": 3 } } }),
            3,
        ),
        openai(
            "bedrock",
            "amazon.titan-embed-text-v2:0",
            "/model/amazon.titan-embed-text-v2%3A0/invoke",
            vec![("/inputText", json!("1"))],
            json!({ "embedding": [1.0], "inputTextTokenCount": 3 }),
            3,
        ),
        openai("mistral", "mistral-embed", "/v1/embeddings", vec![("/output_dimension", json!(256))], data.clone(), 3),
        openai("voyage", "voyage-4", "/v1/embeddings", vec![("/output_dimension", json!(256))], data, 3),
    ])
    .await;
}

#[tokio::test]
async fn geminis_embeddings_reach_providers_of_openais_form() {
    let data = json!({ "data": [{ "index": 0, "embedding": "AACAPw==" }], "usage": { "prompt_tokens": 3 } });
    let content = json!({ "parts": [{ "text": "1" }] });
    let case = |kind, path, body, told| Case {
        kind,
        model: "m",
        path,
        body,
        upstream_path: "/v1/embeddings",
        asked: vec![("/model", json!("m")), ("/input/0", json!("1")), ("/dimensions", json!(8))],
        answer: data.clone(),
        told: vec![told],
        tokens: 3,
    };
    let one = json!({ "content": content, "outputDimensionality": 8 });
    let batch =
        json!({ "requests": [{ "model": "models/m", "content": content, "outputDimensionality": 8 }] });
    hold(vec![
        case("openai", "/v1beta/models/m:embedContent", one, ("/embedding/values/0", json!(1.0))),
        case("jina", "/v1beta/models/m:batchEmbedContents", batch, ("/embeddings/0/values/0", json!(1.0))),
    ])
    .await;
}

#[tokio::test]
async fn many_inputs_go_in_several_requests_and_come_back_in_order() {
    let fake = Fake::new(vectors).await;
    let mut house = house(&fake, "gemini", "m").await;
    let answer = house.post("/v1/embeddings").json(&many_texts(950)).send().await;
    assert_eq!(numbers(&answer), (0..950).map(f64::from).collect::<Vec<_>>());
    let mut sizes: Vec<usize> =
        fake.seen().iter().map(|seen| seen.json()["requests"].as_array().unwrap().len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [50, 100, 100, 100, 100, 100, 100, 100, 100, 100]);
    let logged = house.logged(answer.id()).await;
    assert_eq!((logged["usage"]["input"].as_u64(), providers(&logged).len()), (Some(950), 1), "{logged}");
    assert_eq!(house.post("/v1/embeddings").json(&many_texts(2_049)).send().await.status, 400);
}

#[tokio::test]
async fn a_request_that_fails_midway_fails_the_attempt_and_another_provider_does_all() {
    let broken = Fake::new(|seen| match seen.json()["requests"][0]["content"]["parts"][0]["text"].as_str() {
        Some("100") => error(500, "down"),
        _ => vectors(seen),
    })
    .await;
    let sound = Fake::new(|seen| {
        let count = seen.json()["input"].as_array().unwrap().len();
        let data: Vec<Value> =
            (0..count).map(|index| json!({ "index": index, "embedding": [index] })).collect();
        Reply::json(200, &json!({ "data": data, "usage": { "prompt_tokens": 9 } }))
    })
    .await;
    let mut house = House::start(json!({
        "providers": [
            provider("broken", "gemini", &broken.url(), &["key-1"], &["m"]),
            provider("sound", "mistral", &sound.url(), &["key-2"], &["m"]),
        ],
        "routes": [route("m", "ordered", &[("broken", 1), ("sound", 1)])],
        "gateway": { "max_attempts": 2 },
    }))
    .await;
    let answer = house.post("/v1/embeddings").json(&many_texts(150)).send().await;
    assert_eq!(numbers(&answer), (0..150).map(f64::from).collect::<Vec<_>>());
    assert_eq!((answer.header("x-roundhouse-provider"), sound.count()), ("sound", 1));
    let logged = house.logged(answer.id()).await;
    assert_eq!(
        (verdicts(&logged), providers(&logged)),
        (vec!["provider_fault".to_owned(), "ok".to_owned()], vec!["broken".to_owned(), "sound".to_owned()],)
    );
    assert_eq!(logged["usage"]["input"], 9, "{logged}");
}

#[tokio::test]
async fn failures_are_told_in_the_callers_language_and_rest_the_key() {
    let fake = Fake::new(|seen| match seen.json()["input"][0].as_str() {
        Some("bad") => {
            Reply::json(400, &json!({ "error": { "message": "too long", "type": "invalid_request_error" } }))
        }
        _ => Reply::json(429, &json!({ "error": { "message": "slow down" } })).header("retry-after", "60"),
    })
    .await;
    let house = house(&fake, "mistral", "m").await;
    let embed = async |text: &str| {
        let body = json!({ "content": { "parts": [{ "text": text }] } });
        house.post("/v1beta/models/m:embedContent").json(&body).send().await
    };
    let refused = embed("bad").await;
    assert_eq!((refused.status, refused.json()["error"]["status"].as_str()), (400, Some("INVALID_ARGUMENT")));
    assert_eq!(refused.json()["error"]["message"], "too long");
    assert_eq!(house.keys("up", "active").await, 1);
    let limited = embed("good").await;
    assert_eq!(
        (limited.status, limited.json()["error"]["status"].as_str()),
        (429, Some("RESOURCE_EXHAUSTED"))
    );
    assert_eq!(house.keys("up", "active").await, 0);
}

#[tokio::test]
async fn what_is_lost_is_told_or_refused() {
    let fake = Fake::new(vectors).await;
    let body = json!({ "model": "m", "input": "1", "user": "u" });
    let mut config = json!({ "providers": [provider("up", "gemini", &fake.url(), &["key"], &["m"])] });
    let told = House::start(config.clone()).await.post("/v1/embeddings").json(&body).send().await;
    assert_eq!(told.header("x-roundhouse-warnings"), "user: the provider has no such field");
    config["gateway"] = json!({ "lossy": "refuse" });
    let refused = House::start(config).await.post("/v1/embeddings").json(&body).send().await;
    assert_eq!((refused.status, refused.json()["error"]["param"].as_str()), (400, Some("user")));
    assert_eq!(fake.count(), 1);
}

#[tokio::test]
async fn ranks_and_judgements_come_from_providers_of_other_forms() {
    let rerank = |kind, model, upstream_path, asked, answer, tokens| Case {
        kind,
        model,
        path: "/v1/rerank",
        body: json!({ "model": model, "query": "q", "documents": ["a", "b"], "top_n": 1 }),
        upstream_path,
        asked,
        answer,
        told: vec![("/results/0/index", json!(1)), ("/results/0/relevance_score", json!(0.9))],
        tokens,
    };
    let ranks = json!([{ "index": 1, "relevance_score": 0.9 }]);
    hold(vec![
        rerank(
            "voyage",
            "rerank-2.5",
            "/v1/rerank",
            vec![("/top_k", json!(1)), ("/documents", json!(["a", "b"]))],
            json!({ "data": ranks, "usage": { "total_tokens": 7 } }),
            7,
        ),
        rerank(
            "bedrock",
            "cohere.rerank-v3-5:0",
            "/model/cohere.rerank-v3-5%3A0/invoke",
            vec![("/api_version", json!(2)), ("/top_n", json!(1))],
            json!({ "results": ranks }),
            0,
        ),
        rerank(
            "vertex",
            "semantic-ranker-default-004",
            "/v1/rankingConfigs/default_ranking_config:rank",
            vec![("/records/1/content", json!("b")), ("/topN", json!(1))],
            json!({ "records": [{ "id": "1", "score": 0.9 }] }),
            0,
        ),
        Case {
            kind: "mistral",
            model: "mistral-moderation-latest",
            path: "/v1/moderations",
            body: json!({ "model": "mistral-moderation-latest", "input": "hit him" }),
            upstream_path: "/v1/moderations",
            asked: vec![("/input", json!(["hit him"]))],
            answer: json!({
                "results": [{
                    "categories": { "violence_and_threats": true },
                    "category_scores": { "violence_and_threats": 0.9 },
                }],
                "usage": { "prompt_tokens": 4 },
            }),
            told: vec![
                ("/results/0/flagged", json!(true)),
                ("/results/0/category_scores/violence", json!(0.9)),
                ("/results/0/categories/self-harm", json!(false)),
            ],
            tokens: 4,
        },
    ])
    .await;
}

#[tokio::test]
async fn images_are_made_by_providers_of_other_forms() {
    let image = json!({ "candidates": [{
        "content": { "parts": [{ "inlineData": { "mimeType": "image/png", "data": "AAAA" } }] },
        "finishReason": "STOP",
    }] });
    let url = "data:image/png;base64,AAAA";
    let case = |kind, model, edits, upstream_path, asked, answer, told| Case {
        kind,
        model,
        path: if edits { "/v1/images/edits" } else { "/v1/images/generations" },
        body: if edits {
            json!({ "model": model, "prompt": "p", "images": [{ "image_url": url }] })
        } else {
            json!({ "model": model, "prompt": "p", "size": "1024x1024" })
        },
        upstream_path,
        asked,
        answer,
        told: vec![told],
        tokens: 0,
    };
    let there = json!({ "data": [{ "url": "https://x/y.png" }] });
    hold(vec![
        case(
            "gemini",
            "gemini-3-pro-image",
            false,
            "/v1beta/models/gemini-3-pro-image:generateContent",
            vec![("/contents/0/parts/0/text", json!("p"))],
            image.clone(),
            ("/data/0/b64_json", json!("AAAA")),
        ),
        case(
            "gemini",
            "imagen-4.0-generate-001",
            false,
            "/v1beta/models/imagen-4.0-generate-001:predict",
            vec![("/instances/0/prompt", json!("p"))],
            json!({ "predictions": [{ "mimeType": "image/png", "bytesBase64Encoded": "AAAA" }] }),
            ("/data/0/b64_json", json!("AAAA")),
        ),
        case(
            "vertex",
            "gemini-3-pro-image",
            true,
            "/v1/publishers/google/models/gemini-3-pro-image:generateContent",
            vec![("/contents/0/parts/0/inlineData/data", json!("AAAA"))],
            image,
            ("/data/0/b64_json", json!("AAAA")),
        ),
        case(
            "together",
            "flux",
            false,
            "/v1/images/generations",
            vec![("/width", json!(1_024))],
            there.clone(),
            ("/data/0/url", json!("https://x/y.png")),
        ),
        case(
            "siliconflow",
            "kolors",
            true,
            "/v1/images/generations",
            vec![("/image", json!(url))],
            json!({ "images": [{ "url": "https://x/y.png" }] }),
            ("/data/0/url", json!("https://x/y.png")),
        ),
        case(
            "xai",
            "grok-imagine",
            true,
            "/v1/images/edits",
            vec![("/image/url", json!(url))],
            there,
            ("/data/0/url", json!("https://x/y.png")),
        ),
    ])
    .await;
}

#[tokio::test]
async fn edits_pass_through_as_forms_and_as_json() {
    let fake = Fake::new(|_| Reply::json(200, &json!({ "data": [{ "b64_json": "AAAA" }] }))).await;
    let house = house(&fake, "openai", "m").await;
    let (content_type, body) = form("image", &[("model", "m"), ("prompt", "p")]);
    let sent = house.post("/v1/images/edits").header("content-type", content_type).body(body.clone());
    assert_eq!(sent.send().await.status, 200);
    assert_eq!(fake.last().body, body);
    let body = json!({ "model": "m", "prompt": "p", "images": [{ "file_id": "f" }] });
    assert_eq!(house.post("/v1/images/edits").json(&body).send().await.status, 200);
    assert_eq!(fake.last().json(), body);
}

#[tokio::test]
async fn forms_with_files_reach_gemini() {
    let fake = Fake::new(|seen| {
        let part = if seen.path().contains("image") {
            json!({ "inlineData": { "mimeType": "image/png", "data": "AAAA" } })
        } else {
            json!({ "text": "Hello there.\n" })
        };
        let usage = json!({ "promptTokenCount": 5, "candidatesTokenCount": 2 });
        Reply::json(
            200,
            &json!({ "candidates": [{ "content": { "parts": [part] } }], "usageMetadata": usage }),
        )
    })
    .await;
    let mut house = House::start(json!({
        "providers": [provider("up", "gemini", &fake.url(), &["key"], &["hears", "image"])],
    }))
    .await;
    let post = |path: &str, file: &str, model: &str| {
        let (content_type, body) = form(file, &[("model", model), ("prompt", "p")]);
        house.post(path).header("content-type", content_type).body(body).send()
    };
    let edited = post("/v1/images/edits", "image", "image").await;
    assert_eq!(edited.json()["data"][0]["b64_json"], "AAAA", "{}", edited.text());
    assert_eq!(fake.last().json()["contents"][0]["parts"][0]["inlineData"]["data"], "MTIz");
    let written = post("/v1/audio/transcriptions", "file", "hears").await;
    assert_eq!(written.json()["text"], "Hello there.", "{}", written.text());
    assert_eq!(fake.last().target, "/v1beta/models/hears:generateContent");
    let translated = post("/v1/audio/translations", "file", "hears").await;
    assert_eq!(translated.json()["text"], "Hello there.");
    assert!(fake.last().json()["contents"][0]["parts"][1]["text"].as_str().unwrap().contains("in English"));
    let logged = house.logged(written.id()).await;
    assert_eq!(logged["usage"]["input"], 5, "{logged}");
}

#[tokio::test]
async fn speech_comes_as_a_file_that_players_know() {
    let samples =
        json!({ "inlineData": { "mimeType": "audio/L16;codec=pcm;rate=24000", "data": "AQIDBA==" } });
    let spoken = json!({ "candidates": [{ "content": { "parts": [samples] } }] });
    let fake = Fake::new(move |seen| match seen.path() {
        "/v1/t2a_v2" => Reply::json(200, &json!({
            "data": { "audio": "494433" }, "extra_info": { "audio_format": "mp3" }, "base_resp": { "status_code": 0 },
        })),
        _ => Reply::json(200, &spoken),
    })
    .await;
    let house = House::start(json!({ "providers": [
        provider("gemini", "gemini", &fake.url(), &["key-1"], &["g"]),
        provider("minimax", "minimax", &fake.url(), &["key-2"], &["x"]),
    ] }))
    .await;
    let speak = async |model: &str, format: &str| {
        let body = json!({ "model": model, "input": "Hi", "voice": "Puck", "response_format": format });
        house.post("/v1/audio/speech").json(&body).send().await
    };
    let wav = speak("g", "wav").await;
    assert_eq!((wav.status, wav.header("content-type")), (200, "audio/wav"));
    assert_eq!((&wav.body[..4], &wav.body[44..]), (&b"RIFF"[..], &[1, 2, 3, 4][..]));
    assert_eq!(fake.last().json()["contents"][0]["parts"][0]["text"], "Hi");
    let mp3 = speak("g", "mp3").await;
    assert_eq!(mp3.header("x-roundhouse-warnings"), "response_format: the provider makes samples: wav");
    let minimax = speak("x", "mp3").await;
    assert_eq!((minimax.header("content-type"), &minimax.body[..]), ("audio/mpeg", &b"ID3"[..]));
}

#[tokio::test]
async fn tokens_are_counted_by_providers_that_count() {
    let messages = json!({ "model": "m", "messages": [{ "role": "user", "content": "hi" }] });
    let contents = json!({ "contents": [{ "role": "user", "parts": [{ "text": "hi" }] }] });
    hold(vec![
        Case {
            kind: "gemini",
            model: "m",
            path: "/v1/messages/count_tokens",
            body: messages,
            upstream_path: "/v1beta/models/m:countTokens",
            asked: vec![("/generateContentRequest/contents/0/parts/0/text", json!("hi"))],
            answer: json!({ "totalTokens": 31 }),
            told: vec![("/input_tokens", json!(31))],
            tokens: 0,
        },
        Case {
            kind: "anthropic",
            model: "m",
            path: "/v1beta/models/m:countTokens",
            body: contents,
            upstream_path: "/v1/messages/count_tokens",
            asked: vec![("/model", json!("m")), ("/messages/0/role", json!("user"))],
            answer: json!({ "input_tokens": 31 }),
            told: vec![("/totalTokens", json!(31))],
            tokens: 0,
        },
    ])
    .await;
}

#[tokio::test]
async fn tokens_are_estimated_where_nobody_counts_and_only_for_who_may_ask() {
    let fake = Fake::new(|_| error(500, "nobody asks")).await;
    let mut house = House::start(json!({
        "providers": [provider("up", "openai-compatible", &fake.url(), &["key"], &["m"])],
        "access_keys": [
            { "name": "test", "key": roundhouse_tests::KEY },
            { "name": "other", "key": "rh-another-access-key", "models": ["else"] },
        ],
    }))
    .await;
    let text = "The committee met on Thursday morning to discuss the plans for the new library.";
    let body = json!({ "model": "m", "messages": [{ "role": "user", "content": text }] });
    let counted = house.post("/v1/messages/count_tokens").json(&body).send().await;
    assert_eq!(counted.status, 200, "{}", counted.text());
    let tokens = counted.json()["input_tokens"].as_u64().unwrap();
    assert!((12..30).contains(&tokens), "{tokens}");
    assert_eq!(counted.header("x-roundhouse-warnings"), "input_tokens: estimated");
    let logged = house.logged(counted.id()).await;
    assert_eq!((logged["status"].as_u64(), providers(&logged).len()), (Some(200), 0), "{logged}");
    let contents = json!({ "contents": [{ "parts": [{ "text": text }] }] });
    let gemini = house.post("/v1beta/models/m:countTokens").json(&contents).send().await;
    assert_eq!(gemini.json()["totalTokens"], tokens, "{}", gemini.text());
    let wrong =
        house.post("/v1/messages/count_tokens").json(&json!({ "model": "m", "messages": 1 })).send().await;
    assert_eq!((wrong.status, wrong.json()["type"].as_str()), (400, Some("error")));
    let asked = house.client().post("/v1/messages/count_tokens").bearer("rh-another-access-key").json(&body);
    assert_eq!(asked.send().await.status, 403);
    assert_eq!(fake.count(), 0);
}
