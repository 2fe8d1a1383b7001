//! The official SDKs of OpenAI, Anthropic and Google, in Python and for Node.js, against the real server: its demo provider, which
//! speaks every protocol, and another server's, which is asked in one protocol at a time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use std::path::Path;

use roundhouse_tests::{House, KEY, provider};
use serde_json::{Value, json};

const MODELS: [&str; 3] = ["demo", "demo-thinking", "demo-cut"];

/// Providers of `kind` at `url`: one that works, and one that has too much to do.
fn providers(kind: &str, url: &str) -> [Value; 2] {
    let mut works = provider(kind, kind, url, &[KEY], &[]);
    let model = |name: &str| json!({ "name": name, "as": format!("{kind}/{name}") });
    works["models"] = MODELS.map(model).to_vec().into();
    let mut limited = provider(&format!("{kind}-limited"), kind, url, &[KEY], &[]);
    limited["models"] = json!([{ "name": "demo-error-429", "as": format!("{kind}/demo-error-429") }]);
    [works, limited]
}

#[tokio::test]
async fn the_official_sdks_find_what_they_expect() {
    // The demo provider fails on request; that must not count against it.
    let gateway = json!({ "breaker": { "failures": 0 }, "failures": { "threshold": 0 } });
    let other = House::start(json!({ "demo": true, "gateway": gateway })).await;
    let kinds = ["anthropic", "gemini", "openai-compatible", "openai-responses"];
    let providers: Vec<Value> = kinds.iter().flat_map(|kind| providers(kind, &other.url())).collect();
    let house = House::start(json!({ "demo": true, "gateway": gateway, "providers": providers })).await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("sdk/run.sh");
    let output = tokio::process::Command::new(script)
        .arg(house.url())
        .arg(KEY)
        .output()
        .await
        .expect("the script runs");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}\n{}", house.log());
    println!("{out}");
}
