//! gpt-load's own interface, read.

use std::collections::BTreeMap;

use http::Method;
use roundhouse_domain::Secret;
use serde_json::{Map, Value};

use super::raw::{Gateway, Group, Key, Link};
use crate::error::ReadError;
use crate::fields::{text, whole};
use crate::remote::Remote;

/// Keys asked for at once; it gives no more.
const PAGE: usize = 1_000;
/// Pages of keys of one group at the most.
const MAX_PAGES: usize = 2_000;

/// Reads a whole gpt-load through its interface.
pub async fn read_live(remote: &Remote) -> Result<Gateway, ReadError> {
    let mut gateway = Gateway {
        groups: groups(remote).await?.iter().filter_map(Group::from_fields).collect(),
        settings: settings(remote).await?,
        ..Gateway::default()
    };
    for group in &gateway.groups {
        if group.is_aggregate {
            gateway.links.extend(links(remote, group.id).await?);
        } else {
            gateway.keys.extend(keys(remote, group.id).await?.iter().filter_map(key));
        }
    }
    Ok(gateway)
}

/// The field `data` of an answer.
pub(super) async fn data(
    remote: &Remote,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> Result<Value, ReadError> {
    let Value::Object(mut answer) = remote.call(method, path, body).await? else {
        return Err(ReadError::Remote(format!(
            "{path}: the answer is none of gpt-load; is it the right address?"
        )));
    };
    Ok(answer.remove("data").unwrap_or_default())
}

/// Groups as they are given.
pub(super) async fn groups(remote: &Remote) -> Result<Vec<Map<String, Value>>, ReadError> {
    objects(data(remote, Method::GET, "/api/groups", None).await?).ok_or_else(|| {
        ReadError::Remote("/api/groups: the answer is none of gpt-load; is it the right address?".to_owned())
    })
}

/// Members of a set of groups.
pub(super) async fn links(remote: &Remote, group_id: u64) -> Result<Vec<Link>, ReadError> {
    let members = data(remote, Method::GET, &format!("/api/groups/{group_id}/sub-groups"), None).await?;
    let link = |member: &Map<String, Value>| {
        let id = member.get("group").and_then(|group| group.get("id")).and_then(whole)?;
        let weight = member.get("weight").and_then(whole).unwrap_or_default();
        Some(Link { group_id, sub_group_id: id, weight: u32::try_from(weight).unwrap_or_default() })
    };
    Ok(objects(members).unwrap_or_default().iter().filter_map(link).collect())
}

/// Keys of a group as they are given.
pub(super) async fn keys(remote: &Remote, group_id: u64) -> Result<Vec<Map<String, Value>>, ReadError> {
    let mut keys = Vec::new();
    for page in 1..=MAX_PAGES {
        let path = format!("/api/keys?group_id={group_id}&page={page}&page_size={PAGE}");
        let answer = data(remote, Method::GET, &path, None).await?;
        let items = answer.get("items").cloned().and_then(objects).unwrap_or_default();
        let count = items.len();
        keys.extend(items);
        if count < PAGE {
            return Ok(keys);
        }
    }
    Err(ReadError::Remote(format!("group {group_id} has too many keys")))
}

async fn settings(remote: &Remote) -> Result<BTreeMap<String, String>, ReadError> {
    let categories = objects(data(remote, Method::GET, "/api/settings", None).await?).unwrap_or_default();
    let listed = categories.iter().filter_map(|category| category.get("settings")?.as_array()).flatten();
    let setting = |setting: &Value| {
        let value = match setting.get("value")? {
            Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        Some((setting.get("key")?.as_str()?.to_owned(), value))
    };
    Ok(listed.filter_map(setting).collect())
}

fn key(fields: &Map<String, Value>) -> Option<Key> {
    Key::from_fields(fields, Secret::from(text(fields, "key_value")?))
}

fn objects(value: Value) -> Option<Vec<Map<String, Value>>> {
    let Value::Array(items) = value else { return None };
    let object = |item: Value| match item {
        Value::Object(fields) => Some(fields),
        _ => None,
    };
    Some(items.into_iter().filter_map(object).collect())
}
