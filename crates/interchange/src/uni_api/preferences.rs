//! `preferences` of the whole file and of single providers.

use serde_json::{Map, Value, json};

use super::model::Model;
use super::read::Reading;
use super::timeouts::{self, span};
use crate::fields::{Fields, number, text, whole};

/// The longest first rest after a rate limit that needs no higher ceiling, in seconds.
const USUAL_CEILING: u64 = 1_800;

/// What holds for all providers must be known before they are read.
pub(super) fn before_providers(root: &Map<String, Value>, reading: &mut Reading<'_>) {
    let Some(preferences) = root.get("preferences").and_then(Value::as_object) else { return };
    reading.proxy = reading.text(preferences, "proxy", "preferences");
}

/// Reads what holds for the whole gateway.
pub(super) fn read(root: &Map<String, Value>, reading: &mut Reading<'_>) {
    let Some(preferences) = root.get("preferences").and_then(Value::as_object) else { return };
    let mut gateway = Fields::default();
    timeouts::read(preferences, "preferences", &mut [], &mut gateway, reading);
    for (name, value) in preferences {
        let place = format!("preferences.{name}");
        match name.as_str() {
            "proxy" | "model_timeout" | "timeout_policy" => {}
            "cooldown_period" => {
                if let Some(span) = span(value) {
                    gateway.put_in("breaker", "open", span);
                }
                reading.notes.info(place, "is the time that a failing provider's model is passed over, after gateway.breaker.failures failures in a row");
            }
            "keepalive_interval" => keepalive(value, &mut gateway),
            "model_price" => prices(value, reading),
            "rate_limit" if value.as_str() == Some("999999/min") => {}
            "rate_limit" => reading.notes.warn(place, "a limit of the whole gateway is left out: access keys have limits"),
            "error_triggers" => reading.notes.warn(place, "texts in answers with status 200 are not looked at: empty and broken answers are tried again elsewhere all the same"),
            "hedging" if value.get("enabled") != Some(&json!(true)) => {}
            "hedging" => reading.notes.warn(place, "several attempts at once are not made: left out"),
            _ => reading.notes.warn(place, "is not understood and left out"),
        }
    }
    reading.imported.configuration.document.set_section("gateway", gateway.0);
}

/// Sets what the preferences of a provider say.
pub(super) fn of_provider(
    fields: &Map<String, Value>,
    place: &str,
    mut models: Vec<Model>,
    out: &mut Fields,
    reading: &mut Reading<'_>,
) -> Vec<Model> {
    let Some(preferences) = fields.get("preferences").and_then(Value::as_object) else { return models };
    let place = format!("{place}.preferences");
    timeouts::read(preferences, &place, &mut models, out, reading);
    for (name, value) in preferences {
        if value.is_null() {
            continue;
        }
        let here = format!("{place}.{name}");
        match name.as_str() {
            "model_timeout" | "timeout_policy" | "post_body_parameter_overrides" => {}
            "headers" => headers(value, &here, out, reading),
            "passthrough_request_headers" => out.put("forward_headers", reading.texts(Some(value), &here)),
            "proxy" => {
                if let Some(proxy) = reading.text(preferences, "proxy", &place) {
                    out.put("proxy", proxy);
                }
            }
            "api_key_quota_cooldown_period" => cooldown("quota", value, out),
            "api_key_rate_limit_cooldown_period" => cooldown("rate_limit", value, out),
            "api_key_cooldown_period" | "cooldown_period" => {
                reading.notes.info(here, "rests are decided by the kind of failure: left out");
            }
            "api_key_schedule_algorithm" if value.as_str() == Some("round_robin") => {}
            "api_key_schedule_algorithm" => reading.notes.warn(here, "keys are used in turn: left out"),
            "api_key_rate_limit" => key_limits(value, &here, out, reading),

            "keepalive_interval" | "max_request_body_bytes" => {
                reading.notes.info(here, "is set for the whole gateway: left out");
            }
            "search_defaults" => reading.notes.skip(here, "searching is not served"),
            _ => reading.notes.warn(here, "is not understood and left out"),
        }
    }
    models
}

/// Limits of each key.
fn key_limits(value: &Value, place: &str, out: &mut Fields, reading: &mut Reading<'_>) {
    let text = value.as_str().or_else(|| value.get("default")?.as_str()).unwrap_or_default();
    if value.is_object() {
        reading.notes.warn(place, "limits of single models are left out");
    }
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let read = part
            .split_once('/')
            .and_then(|(count, unit)| Some((count.trim().parse::<u32>().ok()?, unit.trim())));
        match read {
            Some((count @ 1..=999_998, "min" | "minute" | "m")) => {
                out.put_in("key_limits", "requests_per_minute", count);
            }
            Some((count @ 1..=999_998, "day" | "d")) => out.put_in("key_limits", "requests_per_day", count),
            Some((999_999.., _)) => {}
            _ => reading.notes.warn(place, format!("{part:?} is left out: limits are per minute and day")),
        }
    }
}

fn headers(value: &Value, place: &str, out: &mut Fields, reading: &mut Reading<'_>) {
    let Some(headers) = value.as_object() else { return };
    for name in headers.keys() {
        if let Some(value) = reading.text(headers, name, place) {
            out.put_in("headers", name, value);
        }
    }
}

fn cooldown(name: &str, value: &Value, out: &mut Fields) {
    let Some(seconds) = whole(value).filter(|seconds| *seconds > 0) else { return };
    out.put_in("cooldowns", name, format!("{seconds}s"));
    if name == "rate_limit" && seconds > USUAL_CEILING {
        out.put_in("cooldowns", "rate_limit_max", format!("{seconds}s"));
    }
}

/// A day and more is how never is written there.
fn keepalive(value: &Value, gateway: &mut Fields) {
    let value = value.get("default").unwrap_or(value);
    if let Some(seconds) = number(value).filter(|seconds| *seconds < 86_400.0) {
        gateway.put("keepalive_interval", span(&json!(seconds)));
    }
}

/// Prices by prefix, the longest first, since the first that fits counts here.
fn prices(value: &Value, reading: &mut Reading<'_>) {
    let Some(prices) = value.as_object() else { return };
    let mut prices: Vec<(&String, &Value)> = prices.iter().collect();
    prices.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
    for (prefix, price) in prices {
        let place = format!("preferences.model_price.{prefix}");
        let text = price.as_str().unwrap_or_default();
        let pair = text.split_once(',').and_then(|(input, output)| {
            let read =
                |text: &str| text.trim().parse::<f64>().ok().filter(|price| (0.0..=1e6).contains(price));
            Some((read(input)?, read(output)?))
        });
        match pair {
            _ if prefix == "default" => {
                reading.notes.info(place, "is left out: built-in prices are used where none is set");
            }
            Some((input, output)) => {
                let mut facts = Fields::default();
                facts.put("match", format!("{prefix}*"));
                facts.put("prices", json!({ "input": input, "output": output }));
                reading.imported.configuration.document.push("catalogue", facts.0);
            }
            None => reading.notes.skip(place, "is not of the form `input,output`; it is left out"),
        }
    }
}

/// Requests per minute, where a limit can be said so.
pub(super) fn per_minute(limit: &str) -> Option<(u32, bool)> {
    let mut least: Option<u32> = None;
    let mut is_whole = true;
    for part in limit.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (count, unit) = part.split_once('/')?;
        let count: u32 = count.trim().parse().ok()?;
        let count = match unit.trim() {
            "s" | "sec" | "second" => count.saturating_mul(60),
            "min" | "minute" | "m" => count,
            _ => {
                is_whole = false;
                continue;
            }
        };
        least = Some(least.map_or(count, |least| least.min(count)));
    }
    Some((least.unwrap_or(u32::MAX), is_whole))
}

/// The text of a preference of an access key, whatever its case.
pub(super) fn preference<'p>(preferences: Option<&'p Map<String, Value>>, name: &str) -> Option<&'p str> {
    text(preferences?, name)
}
