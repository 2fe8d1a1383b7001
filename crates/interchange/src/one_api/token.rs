//! A token as an access key of ours.

use std::collections::BTreeMap;

use roundhouse_domain::{Secret, Timestamp};
use serde_json::{Map, Value};

use super::channel::Channel;
use super::read::Reading;
use crate::configuration::Credential;
use crate::fields::{Fields, number, text, truth, whole, words};
use crate::gpt_load::bracketed;
use crate::names::Names;

/// What tokens need to know.
pub(super) struct Known<'c> {
    pub(super) channels: &'c [Channel],
    /// Groups and whether they may log in, of users by their numbers.
    pub(super) users: BTreeMap<u64, User>,
    /// Units of quota in a US dollar.
    pub(super) units: f64,
}

/// What a token needs to know of its user.
pub(super) struct User {
    pub(super) name: String,
    pub(super) group: String,
    pub(super) is_enabled: bool,
}

/// Reads a row of `tokens`.
pub(super) fn read(row: &Map<String, Value>, known: &Known<'_>, names: &mut Names, reading: &mut Reading) {
    let (Some(id), Some(key)) = (row.get("id").and_then(whole), text(row, "key")) else { return };
    let place = format!("tokens[{id}]");
    let user = row.get("user_id").and_then(whole).and_then(|id| known.users.get(&id));
    let theirs = text(row, "name").unwrap_or("token");
    let name = match user {
        Some(user) => names.take_text(&format!("{}/{theirs}", user.name)),
        None => names.take_text(theirs),
    };
    let mut fields = Fields::named(&name);
    fields.put("models", rules(row, user, known));
    let status = row.get("status").and_then(whole).unwrap_or(1);
    if status != 1 || user.is_some_and(|user| !user.is_enabled) {
        fields.put("enabled", false);
    }
    let expires =
        text(row, "expired_time").and_then(|time| time.parse::<i64>().ok()).filter(|time| *time > 0);
    if let Some(seconds) = expires.and_then(|seconds| seconds.checked_mul(1_000)) {
        fields.put("expires_at", Timestamp::from_millis(seconds).to_string());
    }
    if row.get("unlimited_quota").and_then(truth) != Some(true) {
        quota(row, known.units, &place, &mut fields, reading);
    }
    if ["subnet", "allow_ips"].iter().any(|name| text(row, name).is_some()) {
        reading.notes.warn(
            format!("{place}.allow_ips"),
            "the list of addresses is left out: set it at the access key",
        );
    }
    let secret = if key.starts_with("sk-") { key.to_owned() } else { format!("sk-{key}") };
    reading
        .imported
        .configuration
        .credentials
        .push(Credential { access_key: name, secret: Secret::from(secret) });
    reading.imported.configuration.document.push("access_keys", fields.0);
}

/// What it may use: its models, as served by the channels of its group.
fn rules(row: &Map<String, Value>, user: Option<&User>, known: &Known<'_>) -> Vec<String> {
    let is_limited = row.get("model_limits_enabled").and_then(truth);
    let limits = match is_limited {
        Some(true) => text(row, "model_limits"),
        Some(false) => None,
        None => text(row, "models"),
    };
    let models: Vec<&str> = limits.map(|limits| words(limits).collect()).unwrap_or_default();
    let own = text(row, "group").filter(|group| *group != "auto");
    let group = own.or(user.map(|user| user.group.as_str())).unwrap_or("default");
    let is_in = |channel: &&Channel| channel.groups.iter().any(|known| known == group);
    let of_group: Vec<&Channel> = known.channels.iter().filter(is_in).collect();
    let is_everything = of_group.len() == known.channels.len();
    match (models.is_empty(), is_everything) {
        (true, true) => vec!["all".to_owned()],
        (true, false) => of_group.iter().map(|channel| format!("{}/*", channel.provider)).collect(),
        (false, true) => models.iter().map(|model| bracketed(model)).collect(),
        (false, false) => of_group
            .iter()
            .flat_map(|channel| {
                let offered =
                    models.iter().filter(|model| channel.models.iter().any(|known| known == **model));
                offered.map(|model| format!("{}/{model}", channel.provider)).collect::<Vec<_>>()
            })
            .collect(),
    }
}

fn quota(row: &Map<String, Value>, units: f64, place: &str, fields: &mut Fields, reading: &mut Reading) {
    let left = row.get("remain_quota").and_then(number).unwrap_or_default();
    let place = format!("{place}.remain_quota");
    if left <= 0.0 {
        fields.put("enabled", false);
        return reading.notes.info(place, "is used up: the access key is switched off");
    }
    let dollars = (left / units * 1e6).round() / 1e6;
    fields.put_in("limits", "usd_per_month", dollars.max(0.000_001));
    reading.notes.warn(
        place,
        format!(
            "budgets are per day or month: what is left, {dollars} US dollars, is its budget of each month"
        ),
    );
}
