//! How answers are kept for the next one who asks the same.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Span;

/// How answers are kept. Off unless switched on here, for a route or for an access key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct CacheSpec {
    /// Whether answers are kept, where neither route nor access key say otherwise. Default false.
    pub enabled: bool,
    /// Where they are kept: in each process, or in Redis for all of them. Default memory.
    pub store: CacheStore,
    /// Who gets a kept answer: only the access key that got it first, or every one that may use the model. Default
    /// `access_key`.
    pub scope: CacheScope,
    /// Time an answer is kept. Default 1h.
    pub ttl: Span,
    /// Answers kept in memory at the most. Default 10000.
    #[schemars(range(min = 1))]
    pub max_entries: u64,
    /// Bytes of answers kept in memory at the most, and again of those being written down. Default 64 MiB.
    #[schemars(range(min = 1))]
    pub max_bytes: u64,
    /// Bytes of the largest answer that is kept. Default 1 MiB.
    #[schemars(range(min = 1))]
    pub max_answer_bytes: u64,
    /// Whether requests that offer tools of the caller's own are answered from the cache too: their calls may have effects.
    /// Requests with tools that the provider runs never are. Default false.
    pub tools: bool,
    /// Whether requests that ask for a temperature above 0, and so for variety, are answered from the cache too. Default false.
    pub any_temperature: bool,
    /// Whether a request that is the same as one under way waits for that one's answer. Default false.
    pub single_flight: bool,
}

impl Default for CacheSpec {
    fn default() -> Self {
        Self {
            enabled: false,
            store: CacheStore::Memory,
            scope: CacheScope::AccessKey,
            ttl: Span::secs(3_600),
            max_entries: 10_000,
            max_bytes: 64 << 20,
            max_answer_bytes: 1 << 20,
            tools: false,
            any_temperature: false,
            single_flight: false,
        }
    }
}

/// What a route or an access key says of the cache; what is absent is as the gateway says. An access key's word counts more
/// than a route's, except that each of them may switch it off.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CacheChoice {
    /// Whether answers are kept.
    pub enabled: Option<bool>,
    /// Who gets a kept answer.
    pub scope: Option<CacheScope>,
    /// Time an answer is kept.
    pub ttl: Option<Span>,
    /// Whether requests that offer tools of the caller's own are answered from the cache too.
    pub tools: Option<bool>,
    /// Whether requests that ask for a temperature above 0 are answered from the cache too.
    pub any_temperature: Option<bool>,
    /// Whether a request that is the same as one under way waits for that one's answer.
    pub single_flight: Option<bool>,
}

/// Where answers are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CacheStore {
    /// In each process, for itself.
    #[default]
    Memory,
    /// In the Redis of `redis.url`, for all processes.
    Redis,
}

/// Who gets a kept answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CacheScope {
    /// The access key whose request made it.
    #[default]
    AccessKey,
    /// Every access key that may use the model.
    Shared,
}

impl CacheSpec {
    /// What applies to a request of an access key that says `key` over a route that says `route`.
    #[must_use]
    pub fn resolve(&self, route: &CacheChoice, key: &CacheChoice) -> Self {
        let (mut said, choices) = (self.clone(), [route, key]);
        for choice in choices {
            said.scope = choice.scope.unwrap_or(said.scope);
            said.ttl = choice.ttl.unwrap_or(said.ttl);
            said.tools = choice.tools.unwrap_or(said.tools);
            said.any_temperature = choice.any_temperature.unwrap_or(said.any_temperature);
            said.single_flight = choice.single_flight.unwrap_or(said.single_flight);
        }
        said.enabled = self.is_on(route, key);
        said
    }

    /// Whether answers are kept for such a request.
    pub fn is_on(&self, route: &CacheChoice, key: &CacheChoice) -> bool {
        match (route.enabled, key.enabled) {
            (Some(false), _) | (_, Some(false)) => false,
            (Some(true), _) | (_, Some(true)) => true,
            (None, None) => self.enabled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_route_and_access_key_may_switch_it_off_and_either_on() {
        let choice = |enabled| CacheChoice { enabled, ..CacheChoice::default() };
        let (off, on) = (CacheSpec::default(), CacheSpec { enabled: true, ..CacheSpec::default() });
        for (spec, route, key, is_on) in [
            (&off, None, None, false),
            (&on, None, None, true),
            (&off, Some(true), None, true),
            (&off, None, Some(true), true),
            (&on, Some(false), Some(true), false),
            (&on, Some(true), Some(false), false),
        ] {
            assert_eq!(spec.is_on(&choice(route), &choice(key)), is_on, "{route:?} {key:?}");
        }
    }

    #[test]
    fn the_access_keys_word_counts_more_than_the_routes() {
        let route = CacheChoice { ttl: Some(Span::secs(5)), tools: Some(true), ..CacheChoice::default() };
        let key = CacheChoice { ttl: Some(Span::secs(7)), ..CacheChoice::default() };
        let said = CacheSpec::default().resolve(&route, &key);
        assert_eq!((said.ttl, said.tools, said.single_flight), (Span::secs(7), true, false));
    }
}
