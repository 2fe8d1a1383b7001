//! Images, by bytes and by address, and answers of a schema.

use roundhouse_tests::caller::weather_schema;
use roundhouse_tests::{Caller, Fake, Reply, Said, Upstream};
use serde_json::{Value, json};

use super::{World, pairs};

/// A PNG of one pixel.
const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// The image in the body, as a data URL or an address.
fn image(upstream: Upstream, body: &Value) -> String {
    let parts = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let all = match upstream {
        Upstream::Gemini | Upstream::Vertex => parts(&body["contents"][0]["parts"]),
        Upstream::Responses => parts(&body["input"][0]["content"]),
        _ => parts(&body["messages"][0]["content"]),
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let bytes = |mime: &str, data: &Value| format!("data:{mime};base64,{}", text(data));
    let found = all.iter().find_map(|part| {
        let source = &part["source"];
        Some(match upstream {
            Upstream::Compatible | Upstream::Cohere => text(part.get("image_url")?.get("url")?),
            Upstream::Responses => text(part.get("image_url")?),
            Upstream::Anthropic | Upstream::BedrockClaude if source["type"] == "url" => text(&source["url"]),
            Upstream::Anthropic | Upstream::BedrockClaude => {
                bytes(source["media_type"].as_str()?, &source["data"])
            }
            Upstream::Gemini | Upstream::Vertex if part["fileData"].is_object() => {
                text(&part["fileData"]["fileUri"])
            }
            Upstream::Gemini | Upstream::Vertex => {
                bytes(part["inlineData"]["mimeType"].as_str()?, &part["inlineData"]["data"])
            }
            Upstream::Bedrock => {
                let image = part.get("image")?;
                bytes(&format!("image/{}", text(&image["format"])), &image["source"]["bytes"])
            }
        })
    });
    found.unwrap_or_else(|| panic!("{upstream:?}: {body:#}"))
}

#[tokio::test]
async fn an_image_reaches_every_provider() {
    let world = World::saying(Said::text("A dot.")).await;
    let data = format!("data:image/png;base64,{PIXEL}");
    for (caller, upstream, stream) in pairs(&Caller::RICH) {
        let question = caller.question_about(upstream.name(), "What is this?", &data);
        let answer = world.ask(caller, upstream, &question, stream).await;
        assert_eq!(caller.hear(&answer).text, "A dot.", "{caller:?} {upstream:?}: {}", answer.text());
        assert_eq!(image(upstream, &world.fake.last().json()), data, "{caller:?} {upstream:?}");
    }
}

#[tokio::test]
async fn an_images_address_is_passed_on_or_read_where_the_operator_allows_it() {
    use base64::Engine as _;
    let pixel = base64::prelude::BASE64_STANDARD.decode(PIXEL).unwrap();
    let files = Fake::new(move |_| Reply::body(200, "image/png", pixel.clone())).await;
    let address = format!("{}/dot.png", files.url());
    let data = format!("data:image/png;base64,{PIXEL}");
    let script = |seen: &roundhouse_tests::Seen| Upstream::answer(seen, &Said::text("A dot."));
    let open =
        World::new(script, &json!({ "gateway": { "fetch": { "allowed_networks": ["127.0.0.0/8"] } } })).await;
    let closed = World::new(script, &json!({})).await;
    for (caller, upstream, stream) in pairs(&Caller::RICH) {
        let context = format!("{caller:?} {upstream:?} stream {stream}");
        let question = caller.question_about(upstream.name(), "What is this?", &address);
        let read_before = files.count();
        let answer = open.ask(caller, upstream, &question, stream).await;
        assert_eq!(caller.hear(&answer).text, "A dot.", "{context}: {}", answer.text());
        let sent = image(upstream, &open.fake.last().json());
        let is_read = files.count() > read_before;
        assert_eq!(sent, if is_read { &data } else { &address }.as_str(), "{context}");

        let asked_before = closed.fake.count();
        let answer = closed.ask(caller, upstream, &question, stream).await;
        if is_read {
            assert_eq!(answer.status, 400, "{context}: {}", answer.text());
            let message = caller.error(&answer);
            assert!(
                message.contains("127.0.0.1") && message.contains("allowed_networks"),
                "{context}: {message}"
            );
            assert_eq!(closed.fake.count(), asked_before, "{context}");
        } else {
            assert_eq!(answer.status, 200, "{context}: {}", answer.text());
        }
    }
    assert!(files.count() > 0, "somebody needs the bytes");
}

#[tokio::test]
async fn a_schema_is_asked_for_in_every_language() {
    let world = World::saying(Said::text("{\"city\":\"Paris\"}")).await;
    for (caller, upstream, stream) in pairs(&Caller::RICH) {
        let context = format!("{caller:?} {upstream:?} stream {stream}");
        let mut question = caller.question(upstream.name(), "Where?");
        let mut schema = weather_schema();
        schema["additionalProperties"] = false.into();
        caller.want(&mut question, &schema);
        let answer = world.ask(caller, upstream, &question, stream).await;
        assert_eq!(caller.hear(&answer).text, "{\"city\":\"Paris\"}", "{context}: {}", answer.text());
        let body = world.fake.last().json();
        let sent = match upstream {
            Upstream::Compatible => body["response_format"]["json_schema"]["schema"].clone(),
            Upstream::Responses => body["text"]["format"]["schema"].clone(),
            Upstream::Anthropic | Upstream::BedrockClaude => {
                body["output_config"]["format"]["schema"].clone()
            }
            Upstream::Gemini | Upstream::Vertex => body["generationConfig"]["responseJsonSchema"].clone(),
            Upstream::Cohere => body["response_format"]["json_schema"].clone(),
            Upstream::Bedrock => {
                let text = &body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]["schema"];
                serde_json::from_str(text.as_str().unwrap_or_default()).unwrap_or_default()
            }
        };
        // Models that cannot be held to a schema are asked for it in words.
        let in_words = body["system"].to_string().contains("JSON schema");
        assert!(sent["properties"]["city"]["type"] == "string" || in_words, "{context}: {body:#}");
    }
}
