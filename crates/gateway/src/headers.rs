//! Which headers cross the gateway, and what an operator's rules do to them.

use std::net::IpAddr;

use http::header::{HeaderMap, HeaderName, HeaderValue};
use roundhouse_domain::{RequestId, Secret, Timestamp};

/// An operator's header rules of one provider.
#[derive(Debug, Default)]
pub struct HeaderRules {
    set: Vec<(HeaderName, Template)>,
    remove: Vec<HeaderName>,
    forward: Option<Vec<HeaderName>>,
}

/// A header value with variables.
#[derive(Debug)]
enum Template {
    Fixed(HeaderValue),
    Parts(Vec<Part>),
}

#[derive(Debug)]
enum Part {
    Text(String),
    Variable(Variable),
}

#[derive(Clone, Copy, Debug)]
enum Variable {
    ClientIp,
    Provider,
    Model,
    AccessKey,
    ApiKey,
    RequestId,
    TimestampS,
    TimestampMs,
}

/// What the variables stand for in one attempt.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    /// `client_ip`.
    pub client_ip: Option<IpAddr>,
    /// `provider`.
    pub provider: &'a str,
    /// `model`: the upstream's name.
    pub model: &'a str,
    /// `access_key`: its name.
    pub access_key: &'a str,
    /// `api_key`: the provider key.
    pub api_key: Option<&'a Secret>,
    /// `request_id`.
    pub request_id: RequestId,
    /// `timestamp_s` and `timestamp_ms`.
    pub now: Timestamp,
}

/// What is wrong with a header rule.
#[derive(Debug, thiserror::Error)]
pub enum HeaderRuleError {
    /// Not a header's name.
    #[error("{0:?} is not a header name")]
    Name(String),
    /// Not a header's value.
    #[error("the value of header {0:?} has characters that headers cannot carry")]
    Value(String),
    /// A variable that does not exist.
    #[error("header {header:?} uses the unknown variable {{{{{variable}}}}}")]
    Variable {
        /// The header.
        header: String,
        /// What stands between the braces.
        variable: String,
    },
}

impl HeaderRules {
    /// Compiles rules as declared.
    pub fn compile<'a>(
        set: impl IntoIterator<Item = (&'a String, &'a String)>,
        remove: &[String],
        forward: Option<&[String]>,
    ) -> Result<Self, HeaderRuleError> {
        let name = |text: &String| {
            HeaderName::try_from(text.as_str()).map_err(|_| HeaderRuleError::Name(text.clone()))
        };
        let set = set.into_iter().map(|(key, value)| Ok((name(key)?, Template::parse(key, value)?)));
        Ok(Self {
            set: set.collect::<Result<_, HeaderRuleError>>()?,
            remove: remove.iter().map(name).collect::<Result<_, _>>()?,
            forward: forward.map(|names| names.iter().map(name).collect()).transpose()?,
        })
    }

    /// The headers of an attempt, before its credential: what the caller sent, less what is not passed on, changed by the rules.
    pub fn apply(&self, caller: &HeaderMap, values: &Values<'_>) -> HeaderMap {
        let mut headers = match &self.forward {
            None => caller.clone(),
            Some(forward) => chosen(caller, forward),
        };
        for name in &self.remove {
            headers.remove(name);
        }
        for (name, template) in &self.set {
            if let Some(value) = template.fill(values) {
                headers.insert(name.clone(), value);
            }
        }
        headers
    }
}

/// The headers that are listed, and what says how the body is to be read and written.
fn chosen(caller: &HeaderMap, forward: &[HeaderName]) -> HeaderMap {
    let passes =
        |name: &HeaderName| forward.contains(name) || matches!(name.as_str(), "content-type" | "accept");
    let mut headers = HeaderMap::new();
    for (name, value) in caller.iter().filter(|(name, _)| passes(name)) {
        headers.append(name.clone(), value.clone());
    }
    headers
}

impl Template {
    fn parse(header: &str, text: &str) -> Result<Self, HeaderRuleError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((variable, after)) = after.split_once("}}") else { break };
            parts.push(Part::Text(before.to_owned()));
            let known = Variable::parse(variable.trim());
            parts.push(Part::Variable(known.ok_or_else(|| HeaderRuleError::Variable {
                header: header.to_owned(),
                variable: variable.to_owned(),
            })?));
            rest = after;
        }
        let value = HeaderValue::try_from(rest).map_err(|_| HeaderRuleError::Value(header.to_owned()))?;
        if parts.is_empty() {
            return Ok(Self::Fixed(value));
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self::Parts(parts))
    }

    fn fill(&self, values: &Values<'_>) -> Option<HeaderValue> {
        match self {
            Self::Fixed(value) => Some(value.clone()),
            Self::Parts(parts) => {
                let mut text = String::new();
                for part in parts {
                    match part {
                        Part::Text(fixed) => text.push_str(fixed),
                        Part::Variable(variable) => text.push_str(&variable.value(values)),
                    }
                }
                HeaderValue::try_from(text).ok()
            }
        }
    }
}

impl Variable {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "client_ip" => Self::ClientIp,
            "provider" => Self::Provider,
            "model" => Self::Model,
            "access_key" => Self::AccessKey,
            "api_key" => Self::ApiKey,
            "request_id" => Self::RequestId,
            "timestamp_s" => Self::TimestampS,
            "timestamp_ms" => Self::TimestampMs,
            _ => return None,
        })
    }

    fn value(self, values: &Values<'_>) -> String {
        match self {
            Self::ClientIp => values.client_ip.map(|ip| ip.to_string()).unwrap_or_default(),
            Self::Provider => values.provider.to_owned(),
            Self::Model => values.model.to_owned(),
            Self::AccessKey => values.access_key.to_owned(),
            Self::ApiKey => values.api_key.map(|key| key.expose().to_owned()).unwrap_or_default(),
            Self::RequestId => values.request_id.to_string(),
            Self::TimestampS => values.now.as_millis().div_euclid(1_000).to_string(),
            Self::TimestampMs => values.now.as_millis().to_string(),
        }
    }
}

/// Takes off a caller's headers what is never passed on: credentials, cookies, addresses, what belongs to the connection,
/// and what is between the caller and us.
pub fn keep_callers(headers: &mut HeaderMap) {
    take_off(headers, is_callers_own);
}

fn is_callers_own(name: &HeaderName) -> bool {
    let name = name.as_str();
    matches!(
        name,
        "authorization"
            | "x-api-key"
            | "x-goog-api-key"
            | "api-key"
            | "cookie"
            | "host"
            | "content-length"
            | "accept-encoding"
            | "expect"
            | "forwarded"
            | "x-real-ip"
            | "true-client-ip"
            | "x-request-id"
            | "x-csrf-token"
            | "origin"
            | "referer"
    ) || is_hop_by_hop(name)
        || name.starts_with("x-forwarded-")
        || name.starts_with("cf-")
        || name.starts_with("sec-")
        || name.starts_with("x-roundhouse-")
}

/// Takes off a provider's headers what would speak for our host, and what belongs to the connection.
pub fn keep_providers(headers: &mut HeaderMap) {
    take_off(headers, is_providers_own);
}

fn take_off(headers: &mut HeaderMap, is_own: fn(&HeaderName) -> bool) {
    for name in named_by_connection(headers) {
        headers.remove(name);
    }
    let own: Vec<HeaderName> = headers.keys().filter(|name| is_own(name)).cloned().collect();
    for name in own {
        headers.remove(name);
    }
}

fn is_providers_own(name: &HeaderName) -> bool {
    let name = name.as_str();
    matches!(
        name,
        "content-length" | "set-cookie" | "alt-svc" | "strict-transport-security" | "x-request-id" | "server"
    ) || is_hop_by_hop(name)
        || name.starts_with("access-control-")
        || name.starts_with("x-roundhouse-")
}

/// RFC 9110 section 7.6.1, and the names that older software uses.
fn is_hop_by_hop(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "keep-alive"
            | "proxy-authenticate"
            | "proxy-authorization"
            | "proxy-connection"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
    )
}

fn named_by_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    if !headers.contains_key(http::header::CONNECTION) {
        return Vec::new();
    }
    let values =
        headers.get_all(http::header::CONNECTION).into_iter().filter_map(|value| value.to_str().ok());
    let names = values.flat_map(|value| value.split(',')).filter_map(|name| name.trim().parse().ok());
    names.filter(|name: &HeaderName| !matches!(name.as_str(), "keep-alive" | "close")).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn values(key: &Secret) -> Values<'_> {
        Values {
            client_ip: "10.0.0.7".parse().ok(),
            provider: "openai",
            model: "gpt-4o",
            access_key: "ci",
            api_key: Some(key),
            request_id: RequestId(uuid::Uuid::nil()),
            now: Timestamp::from_millis(1_700_000_000_123),
        }
    }

    fn map(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (HeaderName::from_static(k), HeaderValue::from_static(v))).collect()
    }

    #[test]
    fn variables_are_filled_in() {
        let key = Secret::from("sk-1");
        let set = BTreeMap::from([(
            "x-who".to_owned(),
            "{{access_key}}@{{ client_ip }} {{timestamp_s}}".to_owned(),
        )]);
        let rules = HeaderRules::compile(&set, &[], None).unwrap();
        let headers = rules.apply(&HeaderMap::new(), &values(&key));
        assert_eq!(headers["x-who"], "ci@10.0.0.7 1700000000");
    }

    #[test]
    fn unknown_variables_are_refused() {
        let set = BTreeMap::from([("x-who".to_owned(), "{{whoami}}".to_owned())]);
        let error = HeaderRules::compile(&set, &[], None).unwrap_err();
        assert_eq!(error.to_string(), r#"header "x-who" uses the unknown variable {{whoami}}"#);
    }

    #[test]
    fn credentials_cookies_and_addresses_stay_here_and_the_rest_goes_on() {
        let mut headers = map(&[
            ("authorization", "Bearer secret"),
            ("x-api-key", "secret"),
            ("cookie", "a=b"),
            ("x-forwarded-for", "1.2.3.4"),
            ("connection", "x-hop, keep-alive"),
            ("x-hop", "1"),
            ("anthropic-beta", "tools"),
            ("content-type", "application/json"),
        ]);
        keep_callers(&mut headers);
        let mut left: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["anthropic-beta", "content-type"]);
    }

    #[test]
    fn a_list_of_forwarded_headers_is_exhaustive_but_for_the_content_type() {
        let key = Secret::from("sk-1");
        let rules = HeaderRules::compile(&BTreeMap::new(), &[], Some(&["x-session-id".to_owned()])).unwrap();
        let caller = map(&[("x-session-id", "7"), ("x-other", "1"), ("content-type", "application/json")]);
        let headers = rules.apply(&caller, &values(&key));
        assert_eq!(headers.len(), 2);
        assert!(headers.contains_key("x-session-id") && headers.contains_key("content-type"));
    }

    #[test]
    fn a_providers_cookies_and_host_policies_do_not_become_ours() {
        let mut headers = map(&[
            ("set-cookie", "a=b"),
            ("alt-svc", "h3"),
            ("strict-transport-security", "max-age=1"),
            ("access-control-allow-origin", "*"),
            ("openai-processing-ms", "12"),
        ]);
        keep_providers(&mut headers);
        assert_eq!(headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["openai-processing-ms"]);
    }
}
