//! Recorded traffic of real providers for the tests of this module; none where there are no recordings.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// One recorded exchange.
pub(super) struct Exchange {
    pub(super) name: String,
    pub(super) request: Value,
    pub(super) answer: String,
}

/// The good answers of `provider` on paths that end in `path`.
pub(super) fn exchanges(provider: &str, path: &str) -> Vec<Exchange> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/provider-traffic");
    let text = fs::read_to_string(folder.join(format!("{provider}.jsonl"))).unwrap_or_default();
    let exchanges = text.lines().enumerate().filter_map(|(n, line)| {
        let record: Value = serde_json::from_str(line).unwrap();
        let is_wanted = record["status"] == 200 && record["path"].as_str()?.ends_with(path);
        is_wanted.then(|| Exchange {
            name: format!("{provider}:{n}"),
            request: serde_json::from_str(record["req"].as_str().unwrap()).unwrap(),
            answer: record["resp"].as_str().unwrap().to_owned(),
        })
    });
    exchanges.collect()
}
