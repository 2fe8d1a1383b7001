//! Providers and access keys that environment variables declare.

use std::path::Path;

use serde_json::{Value, json};

use super::{Overlay, list, mention};
use crate::report::Origin;

/// What the provider `demo` offers: what `roundhouse_gateway::demo::MODELS` lists.
const DEMO_MODELS: [&str; 14] = [
    "demo",
    "demo-slow",
    "demo-long",
    "demo-tool",
    "demo-thinking",
    "demo-json",
    "demo-empty",
    "demo-silent",
    "demo-error",
    "demo-error-401",
    "demo-error-429",
    "demo-error-in-200",
    "demo-error-in-stream",
    "demo-cut",
];

/// Where the provider `megallm` answers when nothing else is said.
const MEGALLM_URL: &str = "https://ai.megallm.io/v1";

/// Adds what the environment declares; what the file declares under the same name wins.
pub(crate) fn declare(overlay: &mut Overlay<'_>, data_dir: &Path) {
    openai(overlay);
    megallm(overlay, data_dir);
    default(overlay);
    if overlay.value.get("demo") == Some(&Value::Bool(true)) {
        let origin = if overlay.variable("ROUNDHOUSE_DEMO").is_some() { "ROUNDHOUSE_DEMO" } else { "demo" };
        add(overlay, "/providers", origin, json!({ "name": "demo", "kind": "demo", "models": DEMO_MODELS }));
    }
    if let Some(key) = overlay.variable("ROUNDHOUSE_ACCESS_KEY") {
        add(
            overlay,
            "/access_keys",
            "ROUNDHOUSE_ACCESS_KEY",
            json!({ "name": "environment", "key": key.trim() }),
        );
    }
}

fn openai(overlay: &mut Overlay<'_>) {
    let Some(keys) = overlay.variable("OPENAI_API_KEY") else { return };
    let mut provider = json!({ "name": "openai", "kind": "openai", "keys": list(&keys) });
    if let Some(url) = overlay.variable("OPENAI_BASE_URL") {
        provider["base_url"] = url.trim().into();
    }
    add(overlay, "/providers", "OPENAI_API_KEY", provider);
}

fn megallm(overlay: &mut Overlay<'_>, data_dir: &Path) {
    let names = ["MEGALLM_BASE_URL", "MEGALLM_TIMEOUT", "MEGALLM_MAX_RETRIES"];
    let Some(origin) = names.into_iter().find(|name| overlay.variable(name).is_some()) else {
        if overlay.variable("KEY_FILE_PATH").is_some() {
            overlay
                .report
                .warn("KEY_FILE_PATH: ignored; set MEGALLM_BASE_URL to the address its keys are for");
        }
        return;
    };
    let keys_file = overlay.variable("KEY_FILE_PATH").map_or_else(|| data_dir.join("keys.txt"), Into::into);
    let url = overlay.variable("MEGALLM_BASE_URL").unwrap_or_else(|| MEGALLM_URL.to_owned());
    let mut provider = json!({ "name": "megallm", "kind": "openai-compatible", "base_url": url.trim(), "keys_file": keys_file });
    if let Some(timeout) = overlay.variable("MEGALLM_TIMEOUT") {
        provider["timeouts"] = json!({ "first_byte": timeout.trim(), "idle": timeout.trim() });
    }
    add(overlay, "/providers", origin, provider);
}

fn default(overlay: &mut Overlay<'_>) {
    let Some(url) = overlay.variable("LLM_API_URL") else { return };
    let mut provider = json!({ "name": "default", "base_url": url.trim() });
    if let Some(keys) = overlay.variable("LLM_API_KEY") {
        provider["keys"] = list(&keys).into();
    }
    if let Some(models) = overlay.variable("LLM_MODEL") {
        provider["models"] = list(&models).into();
    }
    add(overlay, "/providers", "LLM_API_URL", provider);
}

fn add(overlay: &mut Overlay<'_>, list: &str, origin: &str, declared: Value) {
    let Some(lists) = overlay.value.as_object_mut() else { return };
    let Value::Array(items) = lists.entry(&list[1..]).or_insert_with(|| json!([])) else { return };
    if items.iter().any(|item| item.get("name") == declared.get("name")) {
        let name = declared["name"].as_str().unwrap_or_default();
        let place = mention(list);
        return overlay
            .report
            .warn(format!("{origin}: ignored, since the file declares `{name}` under {place}"));
    }
    let pointer = format!("{list}/{}", items.len());
    items.push(declared);
    overlay.report.set_origin(pointer, Origin::Named(origin.to_owned()));
}
