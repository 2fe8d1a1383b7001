//! What was used, and what it cost.

use axum::Json;
use axum::extract::{Query, State};
use roundhouse_control::usage::UsageError;
use roundhouse_domain::{ErrorKind, KeyHash, Timestamp};
use roundhouse_storage::usage::{self, Counts, Dimension, Grain};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::time::time;
use super::viewer::usage_viewer;
use crate::actor::User;
use crate::problem::{Problem, problem_from};
use crate::state::App;

problem_from!(UsageError);

/// The time that is looked at when nobody says which.
const DEFAULT_MILLIS: i64 = Grain::Day.millis();

/// Which sums.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UsageQuery {
    /// From then on; RFC 3339. Default 24 hours before `to`.
    from: Option<String>,
    /// Until before; RFC 3339. Default now.
    to: Option<String>,
    /// Sums of so long a time each, in UTC: `minute`, `hour`, `day`, or `15m`, `6h`, `7d`. Default one sum over all of it.
    interval: Option<String>,
    /// `user`, `group`, `access_key`, `model`, `provider`, `provider_key`: several with commas. Provider keys cannot be
    /// grouped by who asked.
    group_by: Option<String>,
    /// Only of this user's id.
    user: Option<String>,
    /// Only of this group.
    group: Option<String>,
    /// Only of this access key's name.
    access_key: Option<String>,
    /// Only of this public model name.
    model: Option<String>,
    /// Only of this provider.
    provider: Option<String>,
    /// Only of this provider key, as an attempt names it.
    provider_key: Option<String>,
    /// Only so many sums of each interval, those that cost the most; without `interval` only.
    top: Option<u32>,
}

/// Sums.
#[derive(Debug, Serialize, ToSchema)]
pub struct Usage {
    #[schema(value_type = String)]
    from: Timestamp,
    #[schema(value_type = String)]
    to: Timestamp,
    /// The sums, by time.
    items: Vec<UsageLine>,
}

/// One sum.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageLine {
    /// When its time begins.
    #[schema(value_type = String)]
    at: Timestamp,
    /// What it is about: `group_by` with its names, null where requests had none.
    #[schema(value_type = std::collections::BTreeMap<String, Option<String>>)]
    group: Map<String, Value>,
    #[serde(flatten)]
    sums: Sums,
}

/// What requests come to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sums {
    requests: i64,
    /// Failed or broken off, by the providers' fault.
    errors: i64,
    /// Refused for what the caller sent.
    caller_faults: i64,
    cancelled: i64,
    cache_hits: i64,
    attempts: i64,
    failed_attempts: i64,
    input_tokens: i64,
    output_tokens: i64,
    cached_tokens: i64,
    cache_write_tokens: i64,
    reasoning_tokens: i64,
    audio_input_tokens: i64,
    audio_output_tokens: i64,
    /// In billionths of a US dollar.
    cost_nanousd: i64,
    /// Requests whose tokens are an estimate.
    estimated: i64,
    /// Requests with tokens whose price is not known: the cost is short of theirs.
    unpriced: i64,
    average_ms: Option<i64>,
    average_first_byte_ms: Option<i64>,
    /// Half of the requests took no longer.
    p50_ms: Option<i64>,
    p90_ms: Option<i64>,
    p95_ms: Option<i64>,
    p99_ms: Option<i64>,
}

/// Sums usage: everybody's for those who may see it, else one's own.
#[utoipa::path(get, path = "/usage", tag = "usage", operation_id = "usage_list", params(UsageQuery),
    security(("bearer" = ["usage.own"]), ("session" = ["usage.own"])), responses((status = 200, body = Usage), (status = 400, body = Problem)))]
pub async fn list(
    User(actor): User,
    State(app): State<App>,
    Query(query): Query<UsageQuery>,
) -> Result<Json<Usage>, Problem> {
    let query = query.read(app.control.now())?;
    let group_by = query.group_by.clone();
    let (from, to) = (query.from, query.to);
    let lines = app.control.list_usage(usage_viewer(&actor)?, query).await?;
    let line = |line: usage::Line| UsageLine {
        at: line.at,
        group: group_by
            .iter()
            .zip(line.names)
            .map(|(dimension, name)| (dimension.as_str().to_owned(), name.as_deref().into()))
            .collect(),
        sums: Sums::from(&line.counts),
    };
    Ok(Json(Usage { from, to, items: lines.into_iter().map(line).collect() }))
}

impl UsageQuery {
    fn read(self, now: Timestamp) -> Result<usage::Query, Problem> {
        let to = time("to", self.to)?.unwrap_or(now);
        let from = time("from", self.from)?;
        let from = from.unwrap_or_else(|| Timestamp::from_millis(to.as_millis() - DEFAULT_MILLIS));
        if from >= to {
            return Err(invalid("invalid_time", "`from` must be before `to`"));
        }
        let names = self.group_by.iter().flat_map(|names| names.split(',')).filter(|name| !name.is_empty());
        let group_by = names.map(|name| {
            Dimension::parse(name.trim()).ok_or_else(|| {
                let all: Vec<_> = Dimension::ALL.into_iter().map(Dimension::as_str).collect();
                invalid("invalid_group_by", format!("`group_by` must be of {}", all.join(", ")))
            })
        });
        let key = |text: &String| {
            KeyHash::parse(text).ok_or_else(|| {
                invalid("invalid_provider_key", "`provider_key` must be 32 hexadecimal digits")
            })
        };
        let user = |text: &String| text.parse().map_err(|_| invalid("invalid_id", "`user` must be a UUID"));
        Ok(usage::Query {
            from,
            to,
            grain: None,
            step_ms: self.interval.as_deref().map(interval).transpose()?,
            group_by: group_by.collect::<Result<_, _>>()?,
            user: self.user.as_ref().map(user).transpose()?,
            group: self.group,
            access_key: self.access_key,
            model: self.model,
            provider: self.provider,
            provider_key: self.provider_key.as_ref().map(key).transpose()?,
            top: self.top.filter(|_| self.interval.is_none()),
        })
    }
}

/// An interval in milliseconds: whole minutes, hours or days.
fn interval(text: &str) -> Result<i64, Problem> {
    let number = |digits: &str, grain: Grain| {
        digits
            .parse::<i64>()
            .ok()
            .filter(|count| (1..=1_000).contains(count))
            .map(|count| count * grain.millis())
    };
    let millis = match text {
        "minute" => Some(Grain::Minute.millis()),
        "hour" => Some(Grain::Hour.millis()),
        "day" => Some(Grain::Day.millis()),
        _ => match text.split_at_checked(text.len().saturating_sub(1)) {
            Some((digits, "m")) => number(digits, Grain::Minute),
            Some((digits, "h")) => number(digits, Grain::Hour),
            Some((digits, "d")) => number(digits, Grain::Day),
            _ => None,
        },
    };
    millis.ok_or_else(|| {
        invalid("invalid_interval", "`interval` must be minute, hour, day, or such as 15m, 6h or 7d")
    })
}

fn invalid(code: &'static str, detail: impl Into<String>) -> Problem {
    Problem::new(ErrorKind::Invalid, code, detail)
}

impl From<&Counts> for Sums {
    fn from(counts: &Counts) -> Self {
        Self {
            requests: counts.requests,
            errors: counts.errors,
            caller_faults: counts.caller_faults,
            cancelled: counts.cancelled,
            cache_hits: counts.cache_hits,
            attempts: counts.attempts,
            failed_attempts: counts.failed_attempts,
            input_tokens: counts.input_tokens,
            output_tokens: counts.output_tokens,
            cached_tokens: counts.cached_tokens,
            cache_write_tokens: counts.cache_write_tokens,
            reasoning_tokens: counts.reasoning_tokens,
            audio_input_tokens: counts.audio_input_tokens,
            audio_output_tokens: counts.audio_output_tokens,
            cost_nanousd: counts.cost_nanousd,
            estimated: counts.estimated,
            unpriced: counts.unpriced,
            average_ms: counts.average_ms(),
            average_first_byte_ms: counts.average_first_byte_ms(),
            p50_ms: counts.percentile_ms(50),
            p90_ms: counts.percentile_ms(90),
            p95_ms: counts.percentile_ms(95),
            p99_ms: counts.percentile_ms(99),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_whole_minutes_hours_or_days() {
        for (text, millis) in [("minute", 60_000), ("15m", 900_000), ("6h", 21_600_000), ("7d", 604_800_000)]
        {
            assert_eq!(interval(text).unwrap(), millis);
        }
        for text in ["", "m", "0h", "-1d", "1w", "1.5h", "9999d", "时"] {
            assert_eq!(interval(text).unwrap_err().code, "invalid_interval", "{text}");
        }
    }
}
