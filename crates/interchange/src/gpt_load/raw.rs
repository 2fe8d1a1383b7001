//! What gpt-load keeps, as its database and its API give it.

use std::collections::BTreeMap;

use roundhouse_domain::Secret;
use serde_json::{Map, Value};

use crate::fields::{list, object, text, truth, whole};

/// All of a gpt-load.
#[derive(Clone, Debug, Default)]
pub struct Gateway {
    /// Groups and sets of groups.
    pub groups: Vec<Group>,
    /// Which group is in which set.
    pub links: Vec<Link>,
    /// Keys of groups.
    pub keys: Vec<Key>,
    /// System settings that are set.
    pub settings: BTreeMap<String, String>,
}

/// A group, or a set of groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Its number.
    pub id: u64,
    /// Its name in paths.
    pub name: String,
    /// Its name for people.
    pub display_name: String,
    /// What people wrote about it.
    pub description: String,
    /// Whether it is a set of groups.
    pub is_aggregate: bool,
    /// Addresses with weights.
    pub upstreams: Vec<(String, u32)>,
    /// `openai`, `openai-response`, `anthropic` or `gemini`.
    pub channel_type: String,
    /// The model that keys are tried with.
    pub test_model: String,
    /// The path that keys are tried at; empty for the channel's own.
    pub validation_endpoint: String,
    /// Fields set in each request's body.
    pub param_overrides: Map<String, Value>,
    /// Settings that differ from the system's.
    pub config: Map<String, Value>,
    /// Names and values of headers that are set.
    pub set_headers: Vec<(String, String)>,
    /// Headers that are removed.
    pub remove_headers: Vec<String>,
    /// Upstream names by the names that callers use.
    pub redirects: BTreeMap<String, String>,
    /// Whether only those names work.
    pub is_strict: bool,
    /// Credentials of clients that work for this group only.
    pub proxy_keys: Vec<String>,
}

/// A group in a set of groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The set.
    pub group_id: u64,
    /// The group.
    pub sub_group_id: u64,
    /// Its share; 0 is off.
    pub weight: u32,
}

/// A key of a group, decrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The group.
    pub group_id: u64,
    /// The key.
    pub value: Secret,
    /// `active` or `invalid`.
    pub status: String,
    /// What people wrote about it.
    pub notes: String,
    /// Failures since it last passed a check.
    pub failures: u32,
}

impl Group {
    /// Reads a row of the table `groups`, or a group of the API; what is missing is empty. None without a number and a name.
    pub fn from_fields(fields: &Map<String, Value>) -> Option<Self> {
        let word = |name| text(fields, name).unwrap_or_default().to_owned();
        let map = |name| fields.get(name).and_then(object).unwrap_or_default();
        let rules = fields.get("header_rules").and_then(list).unwrap_or_default();
        let rule = |action: &str| {
            let of = move |rule: &Value| {
                let rule = rule.as_object()?;
                let is_it = text(rule, "action").unwrap_or("set") == action;
                let value = rule.get("value").and_then(Value::as_str).unwrap_or_default().to_owned();
                is_it.then(|| Some((text(rule, "key")?.to_owned(), value))).flatten()
            };
            rules.iter().filter_map(of).collect::<Vec<_>>()
        };
        let redirect = |(from, to): (String, Value)| Some((from, to.as_str()?.to_owned()));
        Some(Self {
            id: fields.get("id").and_then(whole)?,
            name: text(fields, "name")?.to_owned(),
            display_name: word("display_name"),
            description: word("description"),
            is_aggregate: text(fields, "group_type") == Some("aggregate"),
            upstreams: fields
                .get("upstreams")
                .and_then(list)
                .unwrap_or_default()
                .iter()
                .filter_map(upstream)
                .collect(),
            channel_type: word("channel_type"),
            test_model: word("test_model"),
            validation_endpoint: word("validation_endpoint"),
            param_overrides: map("param_overrides"),
            config: map("config"),
            set_headers: rule("set"),
            remove_headers: rule("remove").into_iter().map(|(name, _)| name).collect(),
            redirects: map("model_redirect_rules").into_iter().filter_map(redirect).collect(),
            is_strict: fields.get("model_redirect_strict").and_then(truth).unwrap_or_default(),
            proxy_keys: crate::fields::words(&word("proxy_keys")).map(str::to_owned).collect(),
        })
    }
}

impl Link {
    /// Reads a row of the table `group_sub_groups`.
    pub fn from_fields(fields: &Map<String, Value>) -> Option<Self> {
        let number = |name| fields.get(name).and_then(whole);
        let (group_id, sub_group_id) = (number("group_id")?, number("sub_group_id")?);
        Some(Self { group_id, sub_group_id, weight: small(number("weight").unwrap_or_default()) })
    }
}

impl Key {
    /// Reads a row of the table `api_keys`, or a key of the API; `value` is decrypted already.
    pub fn from_fields(fields: &Map<String, Value>, value: Secret) -> Option<Self> {
        Some(Self {
            group_id: fields.get("group_id").and_then(whole)?,
            value,
            status: text(fields, "status").unwrap_or("active").to_owned(),
            notes: text(fields, "notes").unwrap_or_default().to_owned(),
            failures: small(fields.get("failure_count").and_then(whole).unwrap_or_default()),
        })
    }
}

fn upstream(value: &Value) -> Option<(String, u32)> {
    let fields = value.as_object()?;
    Some((text(fields, "url")?.to_owned(), small(fields.get("weight").and_then(whole).unwrap_or(1))))
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX).min(1_000_000)
}
