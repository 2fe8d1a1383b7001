//! Which requests: what a caller's query means.

use roundhouse_domain::{ErrorKind, KeyHash, Outcome};
use roundhouse_storage::requests::Filter;
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::time::time;
use crate::problem::Problem;

/// Which requests; what is absent does not matter.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RequestsQuery {
    /// The request's id, as in `x-request-id`.
    id: Option<String>,
    /// The access key's name.
    access_key: Option<String>,
    /// The id of the user whose access key it was.
    user: Option<String>,
    /// The group that it counts for.
    group: Option<String>,
    /// The public model name.
    model: Option<String>,
    /// What was asked for, such as `chat.completions`.
    operation: Option<String>,
    /// The provider that was asked last.
    provider: Option<String>,
    /// The provider key of the last attempt, as `key` of an attempt names it.
    provider_key: Option<String>,
    /// The answer's status (`429`), or a class of them (`5xx`).
    status: Option<String>,
    /// `ok`, `caller_fault`, `failed`, `broken` or `cancelled`.
    outcome: Option<String>,
    /// The status of any attempt that failed.
    attempt_status: Option<u16>,
    /// Words in an error, of the request or of an attempt; upper and lower case are the same.
    error: Option<String>,
    /// Where the caller was.
    client_ip: Option<String>,
    /// The conversation, as the caller named it in `x-session-id`.
    session: Option<String>,
    /// One of the caller's words of `x-roundhouse-tags`.
    tag: Option<String>,
    /// Whether a stream was asked for.
    stream: Option<bool>,
    /// Whether the response cache answered.
    cache_hit: Option<bool>,
    /// Took so many milliseconds or more.
    min_duration_ms: Option<u32>,
    /// Not before; RFC 3339.
    from: Option<String>,
    /// Before; RFC 3339.
    to: Option<String>,
}

impl RequestsQuery {
    /// What it means.
    pub fn filter(self) -> Result<Filter, Problem> {
        let outcome = |text: String| {
            let detail = "`outcome` must be ok, caller_fault, failed, broken or cancelled";
            Outcome::parse(&text).ok_or_else(|| invalid("invalid_outcome", detail))
        };
        let key = |text: String| {
            let detail = "`provider_key` must be the 32 hexadecimal digits by which an attempt names its key";
            KeyHash::parse(&text).ok_or_else(|| invalid("invalid_provider_key", detail))
        };
        let address = |text: String| match text.parse::<std::net::IpAddr>() {
            Ok(address) => Ok(address.to_string()),
            Err(_) => Err(invalid("invalid_client_ip", "`client_ip` must be an IP address")),
        };
        Ok(Filter {
            id: self.id.map(|text| parse("id", &text)).transpose()?,
            access_key: self.access_key,
            user: self.user.map(|text| parse("user", &text)).transpose()?,
            group: self.group,
            model: self.model,
            operation: self.operation,
            provider: self.provider,
            provider_key: self.provider_key.map(key).transpose()?,
            status: self.status.map(|text| status(&text)).transpose()?,
            outcome: self.outcome.map(outcome).transpose()?,
            attempt_status: self.attempt_status,
            error: self.error.filter(|words| !words.is_empty()),
            client_ip: self.client_ip.map(address).transpose()?,
            session: self.session,
            tag: self.tag,
            stream: self.stream,
            cache_hit: self.cache_hit,
            min_duration_ms: self.min_duration_ms,
            from: time("from", self.from)?,
            to: time("to", self.to)?,
        })
    }
}

fn status(text: &str) -> Result<(u16, u16), Problem> {
    let class = text.strip_suffix("xx").and_then(|class| class.parse::<u16>().ok());
    let range = match class {
        Some(class @ 1..=5) => Some((class * 100, class * 100 + 99)),
        Some(_) => None,
        None => text.parse().ok().map(|status| (status, status)),
    };
    range.ok_or_else(|| {
        invalid("invalid_status", "`status` must be a status such as 429, or a class such as 5xx")
    })
}

fn parse<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, Problem> {
    text.parse()
        .map_err(|_| Problem::new(ErrorKind::Invalid, "invalid_id", format!("`{name}` must be a UUID")))
}

fn invalid(code: &'static str, detail: &str) -> Problem {
    Problem::new(ErrorKind::Invalid, code, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_or_a_class_of_them_is_understood() {
        assert_eq!(status("403").unwrap(), (403, 403));
        assert_eq!(status("5xx").unwrap(), (500, 599));
        for text in ["9xx", "xx", "", "-1", "ok"] {
            assert_eq!(status(text).unwrap_err().code, "invalid_status", "{text}");
        }
    }
}
