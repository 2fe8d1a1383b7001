//! The official SDKs of OpenAI, Anthropic and Google, in Python and for Node.js, against the real server and its demo provider.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use std::path::Path;

use roundhouse_tests::{House, KEY};
use serde_json::json;

#[tokio::test]
async fn the_official_sdks_find_what_they_expect() {
    // The demo provider fails on request; that must not count against it.
    let gateway = json!({ "breaker": { "failures": 0 } });
    let house = House::start(json!({ "demo": true, "gateway": gateway })).await;
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
