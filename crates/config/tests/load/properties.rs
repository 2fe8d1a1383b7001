//! No text makes loading panic, hang or leak.

use proptest::prelude::*;
use roundhouse_domain::Secret;

use crate::support::Setup;

/// Pieces of configuration files, so that random texts get past the first line.
const PIECES: &[&str] = &[
    "server:",
    "providers:",
    "routes:",
    "access_keys:",
    "pools:",
    "gateway:",
    "  ",
    "\n",
    "- ",
    "name: ",
    "a",
    "key: ",
    "models: ",
    "tiers: ",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "<<: ",
    "\"",
    "'",
    "${",
    "}",
    "$$",
    "|\n",
    "#",
    ": ",
    ", ",
    "null",
    "0",
    "-1",
    "1e9",
    "~",
    "---\n",
    "base_url: ",
    "http://a/v1",
    "kind: ",
    "openai",
    "body: ",
    "set: ",
    "!!str ",
    "? ",
    "\t",
    "é",
    "timeouts: ",
    "30s",
    "weight: ",
    "fallbacks: ",
    "provider: ",
    "model: ",
];

proptest! {
    #[test]
    fn any_text_loads_or_is_refused(text in any::<String>()) {
        let _ = Setup::new(&text).try_load();
    }

    #[test]
    fn any_mixture_of_fields_loads_or_is_refused(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        let _ = Setup::new(&pieces.concat()).try_load();
    }

    #[test]
    fn any_variable_loads_or_is_refused(text in "[^\0]*", name in prop::sample::select(&[
        "HOST", "PORT", "DATABASE_URL", "CORS_ORIGINS", "ALLOWED_HOSTS", "METRICS_PORT", "LLM_API_URL", "OPENAI_API_KEY",
        "ROUNDHOUSE_GATEWAY__TIMEOUTS__TOTAL", "ROUNDHOUSE_SERVER__TRUSTED_PROXIES", "ROUNDHOUSE_ACCESS_KEY",
    ][..])) {
        let _ = Setup::new("").env(name, &text).try_load();
    }

    #[test]
    fn any_keys_file_gives_distinct_keys(text in any::<String>()) {
        let parsed = roundhouse_config::keys_file::parse(&text);
        let mut keys: Vec<&str> = parsed.keys.iter().map(Secret::expose).collect();
        prop_assert!(keys.iter().all(|key| !key.is_empty()));
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        prop_assert_eq!(keys.len(), count);
    }
}
