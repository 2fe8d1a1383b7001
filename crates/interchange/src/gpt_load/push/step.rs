//! Single calls.

use std::collections::BTreeMap;
use std::fmt;

use http::Method;
use roundhouse_domain::Secret;
use serde_json::{Map, Value, json};

use super::Call;
use crate::error::ReadError;

/// One call; groups are named, since those that are yet to be made have no number.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A group or set of groups is made.
    CreateGroup {
        /// Its name.
        name: String,
        /// Its fields.
        fields: Map<String, Value>,
    },
    /// A group or set of groups is changed.
    UpdateGroup {
        /// Its name.
        name: String,
        /// The fields that differ.
        fields: Map<String, Value>,
    },
    /// Keys are added to a group.
    AddKeys {
        /// The group.
        group: String,
        /// The keys.
        keys: Vec<Secret>,
    },
    /// Keys that were switched off are taken from a group.
    RemoveKeys {
        /// The group.
        group: String,
        /// The keys.
        keys: Vec<Secret>,
    },
    /// Groups are added to a set.
    AddMembers {
        /// The set.
        set: String,
        /// Groups with their weights.
        members: Vec<(String, u32)>,
    },
    /// A group in a set gets another weight.
    Weigh {
        /// The set.
        set: String,
        /// The group.
        member: String,
        /// Its weight.
        weight: u32,
    },
    /// A group is taken out of a set.
    RemoveMember {
        /// The set.
        set: String,
        /// The group.
        member: String,
    },
}

impl Step {
    /// The call, now that the numbers of groups are known.
    pub(super) fn call(&self, ids: &BTreeMap<String, u64>) -> Result<Call, ReadError> {
        let id = |name: &str| {
            ids.get(name)
                .copied()
                .ok_or_else(|| ReadError::Remote(format!("there is no group {name} to change")))
        };
        let text = |keys: &[Secret]| keys.iter().map(Secret::expose).collect::<Vec<_>>().join("\n");
        let call = |method, path: String, body| Ok(Call { method, path, body });
        match self {
            Self::CreateGroup { name, fields } => {
                let mut body = fields.clone();
                body.insert("name".to_owned(), name.as_str().into());
                call(Method::POST, "/api/groups".to_owned(), Some(Value::Object(body)))
            }
            Self::UpdateGroup { name, fields } => {
                call(Method::PUT, format!("/api/groups/{}", id(name)?), Some(Value::Object(fields.clone())))
            }
            Self::AddKeys { group, keys } => {
                let body = json!({ "group_id": id(group)?, "keys_text": text(keys) });
                call(Method::POST, "/api/keys/add-multiple".to_owned(), Some(body))
            }
            Self::RemoveKeys { group, keys } => {
                let body = json!({ "group_id": id(group)?, "keys_text": text(keys) });
                call(Method::POST, "/api/keys/delete-multiple".to_owned(), Some(body))
            }
            Self::AddMembers { set, members } => {
                let member =
                    |(name, weight): &(String, u32)| Ok(json!({ "group_id": id(name)?, "weight": weight }));
                let members = members.iter().map(member).collect::<Result<Vec<_>, ReadError>>()?;
                let body = json!({ "sub_groups": members });
                call(Method::POST, format!("/api/groups/{}/sub-groups", id(set)?), Some(body))
            }
            Self::Weigh { set, member, weight } => {
                let path = format!("/api/groups/{}/sub-groups/{}/weight", id(set)?, id(member)?);
                call(Method::PUT, path, Some(json!({ "weight": weight })))
            }
            Self::RemoveMember { set, member } => {
                call(Method::DELETE, format!("/api/groups/{}/sub-groups/{}", id(set)?, id(member)?), None)
            }
        }
    }
}

/// What the call does, without keys.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateGroup { name, .. } => write!(f, "POST /api/groups: make {name}"),
            Self::UpdateGroup { name, fields } => {
                let fields: Vec<&str> = fields.keys().map(String::as_str).collect();
                write!(f, "PUT /api/groups/{{{name}}}: change {}", fields.join(", "))
            }
            Self::AddKeys { group, keys } => {
                write!(f, "POST /api/keys/add-multiple: add {} keys to {group}", keys.len())
            }
            Self::RemoveKeys { group, keys } => {
                write!(f, "POST /api/keys/delete-multiple: take {} keys from {group}", keys.len())
            }
            Self::AddMembers { set, members } => {
                let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
                write!(f, "POST /api/groups/{{{set}}}/sub-groups: add {}", names.join(", "))
            }
            Self::Weigh { set, member, weight } => {
                write!(f, "PUT /api/groups/{{{set}}}/sub-groups/{{{member}}}/weight: {weight}")
            }
            Self::RemoveMember { set, member } => {
                write!(f, "DELETE /api/groups/{{{set}}}/sub-groups/{{{member}}}")
            }
        }
    }
}
