//! Which requests are answered from the cache.
//!
//! Those whose answer is data that the same question brings again, and whose asking has no effect: texts, vectors, ranks,
//! verdicts and counts. Not those that want variety, that offer tools (unless settings say otherwise), that go on with a
//! conversation which the provider keeps, or that name a provider's own path.

use http::HeaderMap;
use http::header::CACHE_CONTROL;
use roundhouse_domain::spec::{CacheScope, CacheSpec};
use roundhouse_llm::{Operation, Protocol};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::Key;
use super::canonical::canonical;
use crate::call::{Prepared, Way};
use crate::hash::LookupHasher;

/// Tools that the caller runs: OpenAI's functions and custom tools, Anthropic's without a type. Every other is taken for one
/// that the provider runs.
const OWN_TOOLS: [&str; 2] = ["function", "custom"];

/// Bodies above this take longer to read than other requests should wait for a thread.
const LARGE_BYTES: usize = 128 << 10;

/// Headers that change what the body means.
const HEADERS: [&str; 3] = ["anthropic-beta", "anthropic-version", "openai-beta"];

/// What a caller says of the cache in its headers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Nothing.
    #[default]
    Any,
    /// An answer of its own, which may be kept for others (`Cache-Control: no-cache`, RFC 9111 section 5.2.1.4).
    Fresh,
    /// To have nothing to do with it (`Cache-Control: no-store`, section 5.2.1.5, or `x-roundhouse-cache: bypass`).
    None,
}

/// How a request stands to the cache.
pub(crate) enum Standing {
    /// There is none for it.
    Off,
    /// There is one, which it passes by.
    Bypass,
    /// It is looked up.
    Eligible(Box<Eligible>),
}

/// A request that is looked up.
#[derive(Debug)]
pub(crate) struct Eligible {
    /// What it is looked up by.
    pub(super) key: Key,
    /// What applies to it.
    pub(super) spec: CacheSpec,
    /// Whether a kept answer will not do.
    pub(super) is_fresh_wanted: bool,
}

/// What of a body says whether its answer may be another one's.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    temperature: Option<f64>,
    #[serde(rename = "generationConfig", alias = "generation_config")]
    generation: Option<Generation>,
    tools: Option<Vec<Value>>,
    functions: Option<Vec<IgnoredAny>>,
    web_search_options: Option<IgnoredAny>,
    mcp_servers: Option<Vec<IgnoredAny>>,
    container: Option<IgnoredAny>,
    conversation: Option<IgnoredAny>,
    background: Option<bool>,
    store: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Generation {
    temperature: Option<f64>,
}

impl Wish {
    /// Reads a caller's headers.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let says = |name: &str, word: &str| {
            let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
            values.flat_map(|value| value.split(',')).any(|said| said.trim().eq_ignore_ascii_case(word))
        };
        if says(CACHE_CONTROL.as_str(), "no-store") || says(super::HEADER, "bypass") {
            Self::None
        } else if says(CACHE_CONTROL.as_str(), "no-cache") {
            Self::Fresh
        } else {
            Self::Any
        }
    }
}

impl Standing {
    /// How `call` stands to the cache.
    pub(crate) async fn of(call: &Prepared, hasher: &LookupHasher) -> Self {
        let (settings, route, caller) =
            (&call.snapshot.settings.cache, &call.route.cache, &call.caller.cache);
        if !settings.is_on(route, caller) {
            return Self::Off;
        }
        let spec = settings.resolve(route, caller);
        let Way::Operation(operation) = call.way else { return Self::Bypass };
        if call.wish == Wish::None || !is_repeatable(operation) || spec.ttl.0.is_zero() {
            return Self::Bypass;
        }
        let Some(read) = Read::of(call, operation).await else { return Self::Bypass };
        if !read.asked.may_be_answered(&spec) {
            return Self::Bypass;
        }
        let key = key(call, operation, &read, spec.scope, hasher);
        Self::Eligible(Box::new(Eligible { key, spec, is_fresh_wanted: call.wish == Wish::Fresh }))
    }

    /// What the caller is told before anything was found; none where there is no cache.
    pub(crate) fn word(&self) -> Option<&'static str> {
        match self {
            Self::Off => None,
            Self::Eligible(eligible) if !eligible.is_fresh_wanted => Some("miss"),
            Self::Bypass | Self::Eligible(_) => Some("bypass"),
        }
    }
}

impl Asked {
    fn may_be_answered(&self, spec: &CacheSpec) -> bool {
        let generation = self.generation.as_ref().and_then(|generation| generation.temperature);
        let is_varied = self.temperature.or(generation).is_some_and(|temperature| temperature > 0.0);
        let offers_tools = self.tools.as_ref().is_some_and(|tools| !tools.is_empty())
            || self.functions.as_ref().is_some_and(|functions| !functions.is_empty());
        let has_effects = self.background == Some(true) || self.conversation.is_some();
        !has_effects
            && !self.has_provider_tools()
            && (spec.tools || !offers_tools)
            && (spec.any_temperature || !is_varied)
    }

    fn has_provider_tools(&self) -> bool {
        self.web_search_options.is_some()
            || self.container.is_some()
            || self.mcp_servers.as_ref().is_some_and(|servers| !servers.is_empty())
            || self.tools.iter().flatten().any(is_providers_tool)
    }
}

fn is_providers_tool(tool: &Value) -> bool {
    let Some(fields) = tool.as_object() else { return true };
    // Gemini names the kind by the member that is there.
    if fields.contains_key("functionDeclarations") || fields.contains_key("function_declarations") {
        return fields.len() > 1;
    }
    match fields.get("type") {
        None | Some(Value::Null) => !fields.contains_key("name"),
        Some(Value::String(kind)) => !OWN_TOOLS.contains(&kind.as_str()),
        Some(_) => true,
    }
}

/// Images and speech are asked for to be made anew, and files to be listened to are no JSON.
fn is_repeatable(operation: Operation) -> bool {
    operation.generates()
        || operation.counts()
        || matches!(
            operation,
            Operation::Embeddings
                | Operation::EmbedContent
                | Operation::BatchEmbedContents
                | Operation::Rerank
                | Operation::Moderations
        )
}

/// A body, read.
struct Read {
    asked: Asked,
    canonical: Vec<u8>,
}

impl Read {
    /// Reads a call's body; none where it is not understood. Large ones are read off the threads that serve.
    async fn of(call: &Prepared, operation: Operation) -> Option<Self> {
        let (body, is_stream) = (call.body().clone(), call.stream);
        let read = move || {
            let asked = serde_json::from_slice(&body).ok()?;
            Some(Self { asked, canonical: canonical(&body, operation, is_stream)? })
        };
        if call.body().len() <= LARGE_BYTES {
            read()
        } else {
            tokio::task::spawn_blocking(read).await.ok()?
        }
    }
}

fn key(
    call: &Prepared,
    operation: Operation,
    Read { asked, canonical }: &Read,
    scope: CacheScope,
    hasher: &LookupHasher,
) -> Key {
    // A stored response belongs to the access key that made it: nobody else may go on from it.
    let is_stored = operation == Operation::Responses && asked.store != Some(false);
    let owner = if scope == CacheScope::AccessKey || is_stored { &*call.caller.name } else { "" };
    let mut parts: Vec<&[u8]> = vec![
        operation.name().as_bytes(),
        call.public_model.as_bytes(),
        owner.as_bytes(),
        if call.stream { b"stream" } else { b"whole" },
    ];
    // Google's clients choose a stream's form in the query.
    let is_google = operation.protocol() == Protocol::Gemini;
    let query = call.query.as_deref().filter(|_| is_google).unwrap_or_default();
    let asks_for_events = query.split('&').any(|pair| pair == "alt=sse");
    parts.push(if asks_for_events { b"sse" } else { b"" });
    for name in HEADERS {
        parts.push(call.headers.get(name).map_or(b"", |value| value.as_bytes()));
    }
    parts.push(canonical);
    parts.extend(call.guards.digests());
    hasher.parts(&parts)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::HeaderName;
    use serde_json::json;

    use super::*;

    fn may(body: &Value, spec: &CacheSpec) -> bool {
        serde_json::from_value::<Asked>(body.clone()).unwrap().may_be_answered(spec)
    }

    #[test]
    fn variety_and_tools_pass_by_unless_settings_say_otherwise() {
        let strict = CacheSpec::default();
        let lax = CacheSpec { tools: true, any_temperature: true, ..CacheSpec::default() };
        for (body, by_default, when_allowed) in [
            (json!({}), true, true),
            (json!({ "temperature": 0 }), true, true),
            (json!({ "temperature": 0.7 }), false, true),
            (json!({ "generationConfig": { "temperature": 1 } }), false, true),
            (json!({ "tools": [] }), true, true),
            (json!({ "tools": [{ "type": "function", "function": { "name": "f" } }] }), false, true),
            (json!({ "tools": [{ "name": "f", "input_schema": {} }] }), false, true),
            (json!({ "tools": [{ "functionDeclarations": [] }] }), false, true),
            (json!({ "functions": [{ "name": "f" }] }), false, true),
            (json!({ "tools": [{ "type": "web_search" }] }), false, false),
            (json!({ "tools": [{ "type": "web_search_20250305", "name": "web_search" }] }), false, false),
            (json!({ "tools": [{ "googleSearch": {} }] }), false, false),
            (json!({ "tools": ["odd"] }), false, false),
            (json!({ "web_search_options": {} }), false, false),
            (json!({ "mcp_servers": [{ "url": "https://x" }] }), false, false),
            (json!({ "background": true }), false, false),
            (json!({ "conversation": "conv_1" }), false, false),
        ] {
            assert_eq!((may(&body, &strict), may(&body, &lax)), (by_default, when_allowed), "{body}");
        }
    }

    #[test]
    fn callers_opt_out_by_header() {
        for (name, value, wish) in [
            ("cache-control", "no-store", Wish::None),
            ("cache-control", "max-age=0, No-Cache", Wish::Fresh),
            ("cache-control", "max-age=3", Wish::Any),
            ("x-roundhouse-cache", "bypass", Wish::None),
        ] {
            let headers =
                HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static(value))]);
            assert_eq!(Wish::read(&headers), wish, "{value}");
        }
    }
}
