//! Keys of a channel: one, or many in one text.

use std::collections::BTreeMap;

use roundhouse_domain::spec::{Family, ProviderKind};
use roundhouse_domain::{KeyStatus, Secret};
use serde_json::{Map, Value};

use crate::configuration::ProviderKey;
use crate::fields::{object, truth, whole};

/// Keys, and the region that stands in them.
#[derive(Debug, Default)]
pub(super) struct Keys {
    pub(super) keys: Vec<ProviderKey>,
    pub(super) region: Option<String>,
}

/// Reads the column `key`; `channel_info` tells which of many are switched off.
pub(super) fn keys(text: &str, kind: ProviderKind, info: Option<&Value>) -> Keys {
    let info = info.and_then(object).unwrap_or_default();
    let statuses = statuses(&info);
    let mut keys = Keys::default();
    for (index, text) in split(text, kind, info.get("is_multi_key").and_then(truth)).into_iter().enumerate() {
        let text = match kind.family() {
            Family::Bedrock => aws(&text, &mut keys.region),
            _ => text,
        };
        let mut key = ProviderKey::active(Secret::from(text));
        // 1 is in use, 2 switched off by a person, 3 by a failure (common.ChannelStatus…).
        key.status = match statuses.get(&index) {
            None | Some(1) => KeyStatus::Active,
            Some(3) => KeyStatus::Invalid,
            Some(_) => KeyStatus::Disabled,
        };
        keys.keys.push(key);
    }
    keys
}

fn statuses(info: &Map<String, Value>) -> BTreeMap<usize, u64> {
    let list = info.get("multi_key_status_list").and_then(object).unwrap_or_default();
    list.iter().filter_map(|(index, status)| Some((index.parse().ok()?, whole(status)?))).collect()
}

/// One a line, or a JSON array; a service account is one key over several lines.
fn split(text: &str, kind: ProviderKind, is_multi: Option<bool>) -> Vec<String> {
    let text = text.trim();
    if text.starts_with('[')
        && let Ok(items) = serde_json::from_str::<Vec<Value>>(text)
    {
        let item = |item: &Value| item.as_str().map_or_else(|| item.to_string(), str::to_owned);
        return items.iter().map(item).filter(|key| !key.is_empty()).collect();
    }
    let is_account = kind.family() == Family::Vertex && text.starts_with('{');
    if is_account && is_multi != Some(true) {
        return vec![text.to_owned()];
    }
    text.lines().map(str::trim).filter(|key| !key.is_empty()).map(str::to_owned).collect()
}

/// `id|secret|region` as we write it.
fn aws(text: &str, region: &mut Option<String>) -> String {
    let parts: Vec<&str> = text.split('|').map(str::trim).collect();
    match parts[..] {
        [id, secret, place] => {
            region.get_or_insert_with(|| place.to_owned());
            format!("{id}:{secret}")
        }
        [key, place] => {
            region.get_or_insert_with(|| place.to_owned());
            key.to_owned()
        }
        _ => text.to_owned(),
    }
}
