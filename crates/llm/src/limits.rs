//! How long an upstream asks us to wait.

mod duration;

use std::time::Duration;

use http::HeaderMap;
use http::header::RETRY_AFTER;
use roundhouse_domain::Timestamp;
use serde_json::Value;

use duration::{leading_duration, whole_duration};

/// Words before the time to wait in the texts of OpenAI, Azure and Google.
const LEADS: [&str; 4] = ["again in ", "retry in ", "retry after ", "again after "];

/// The longest wait that the headers of an answer ask for; none when they ask for none.
///
/// Counted are `Retry-After` (RFC 9110 section 10.2.3), `retry-after-ms` and every `…ratelimit…reset…` header whose sibling
/// `…remaining…` is 0 or absent: a limit that is not used up does not hold anyone. Sources:
/// <https://platform.openai.com/docs/guides/rate-limits>, <https://docs.claude.com/en/api/rate-limits>,
/// <https://openrouter.ai/docs/api-reference/limits>; 2026-11.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let millis =
        text("retry-after-ms").and_then(|text| text.parse::<f64>().ok()).and_then(|ms| seconds(ms / 1_000.0));
    let told = millis.or_else(|| text(RETRY_AFTER.as_str()).and_then(|value| wait(value, now)));
    let resets =
        headers.keys().map(http::HeaderName::as_str).filter(|name| is_reset(name) && holds(name, text));
    let resets = resets.filter_map(|name| wait(text(name)?, now));
    resets.chain(told).max().filter(|wait| !wait.is_zero())
}

/// The wait that the body of an error answer asks for: Google's `retryDelay`
/// (`google.rpc.RetryInfo`, <https://google.aip.dev/193>, 2026-11), or words such as "try again in 6.2s".
pub fn retry_delay_in_body(body: &[u8]) -> Option<Duration> {
    let document: Value = serde_json::from_slice(body).unwrap_or_default();
    let document = document.as_array().and_then(|list| list.first()).unwrap_or(&document);
    let told = delay_in_details(document).or_else(|| {
        let text = String::from_utf8_lossy(body).to_ascii_lowercase();
        LEADS.iter().filter_map(|lead| leading_duration(text.split_once(lead)?.1)).max()
    });
    told.filter(|wait| !wait.is_zero())
}

fn is_reset(name: &str) -> bool {
    name.contains("ratelimit") && name.contains("reset")
}

/// Whether the limit of a reset header is used up; Anthropic's unified limits tell it by a status.
fn holds<'a>(reset: &str, text: impl Fn(&str) -> Option<&'a str>) -> bool {
    let sibling = |word| text(&reset.replace("reset", word));
    match sibling("status") {
        Some(status) => status == "rejected",
        None => sibling("remaining").is_none_or(|left| left.parse::<f64>() == Ok(0.0)),
    }
}

/// Reads seconds, a duration, a time, or seconds or milliseconds since the epoch.
fn wait(text: &str, now: Timestamp) -> Option<Duration> {
    let Ok(number) = text.parse::<f64>() else {
        return whole_duration(text).or_else(|| point_in_time(text).map(|time| time.since(now)));
    };
    // No wait is thirty years long, and no epoch time of ours is shorter: size tells what a number is.
    let now = Duration::from_millis(u64::try_from(now.as_millis()).unwrap_or(0));
    match number {
        millis if millis >= 1e11 => Some(seconds(millis / 1_000.0)?.saturating_sub(now)),
        epoch if epoch >= 1e9 => Some(seconds(epoch)?.saturating_sub(now)),
        wait => seconds(wait),
    }
}

fn point_in_time(text: &str) -> Option<Timestamp> {
    let http_date = || jiff::fmt::rfc2822::parse(text).ok().map(|time| time.timestamp().as_millisecond());
    Timestamp::parse(text).or_else(|| http_date().map(Timestamp::from_millis))
}

fn seconds(number: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(number.max(0.0)).ok()
}

fn delay_in_details(document: &Value) -> Option<Duration> {
    let details = document["error"]["details"].as_array()?;
    details.iter().find_map(|detail| match &detail["retryDelay"] {
        Value::String(text) => whole_duration(text),
        Value::Object(parts) => seconds(parts.get("seconds")?.as_f64()?),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
