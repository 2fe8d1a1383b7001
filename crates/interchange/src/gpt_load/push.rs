//! gpt-load's own interface, written: groups, their keys and sets of groups are made what our configuration says.
//!
//! What it would take is a [`Plan`]; a plan for a gpt-load that is as it should be has no steps. Groups that are not ours are
//! left alone.

mod desired;
mod difference;
mod step;

use std::collections::{BTreeMap, HashSet};

use http::Method;
use serde_json::{Map, Value};

use self::desired::{Aggregate, Desired};
use super::live::{data, groups, keys, links};
use super::raw::Link;
use crate::effective::Effective;
use crate::error::ReadError;
use crate::fields::{text, whole};
use crate::note::{Note, Notes};
use crate::remote::Remote;

pub use self::step::Step;

/// Keys in one call; gpt-load takes 5,000.
const KEYS_AT_ONCE: usize = 2_000;

/// What it takes to make a gpt-load what our configuration says.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The calls, in order.
    pub steps: Vec<Step>,
    /// What has no counterpart there.
    pub notes: Vec<Note>,
}

/// A group that is there, by name.
type There = BTreeMap<String, Map<String, Value>>;

/// Compares a gpt-load with our configuration.
pub async fn plan(remote: &Remote, effective: &Effective) -> Result<Plan, ReadError> {
    let mut notes = Notes::from(effective.notes.clone());
    let desired = Desired::of(effective, &mut notes);
    let there: There = groups(remote)
        .await?
        .into_iter()
        .filter_map(|group| Some((text(&group, "name")?.to_owned(), group)))
        .collect();
    let mut steps = Vec::new();
    for group in &desired.groups {
        let id = difference::group(&there, &group.name, &group.fields, &mut steps);
        let known = match id {
            Some(id) => keys(remote, id).await?,
            None => Vec::new(),
        };
        let known: HashSet<&str> = known.iter().filter_map(|key| text(key, "key_value")).collect();
        let missing: Vec<_> =
            group.keys.iter().filter(|key| !known.contains(key.expose())).cloned().collect();
        for keys in missing.chunks(KEYS_AT_ONCE) {
            steps.push(Step::AddKeys { group: group.name.clone(), keys: keys.to_vec() });
        }
        let gone: Vec<_> = group.gone.iter().filter(|key| known.contains(key.expose())).cloned().collect();
        for keys in gone.chunks(KEYS_AT_ONCE) {
            steps.push(Step::RemoveKeys { group: group.name.clone(), keys: keys.to_vec() });
        }
    }
    for aggregate in &desired.aggregates {
        let id = difference::group(&there, &aggregate.name, &aggregate.fields, &mut steps);
        let linked = match id {
            Some(id) => links(remote, id).await?,
            None => Vec::new(),
        };
        members(aggregate, &linked, &there, &mut steps);
    }
    Ok(Plan { steps, notes: notes.finish() })
}

/// Steps that make a set of groups hold its members with their weights.
fn members(aggregate: &Aggregate, linked: &[Link], there: &There, steps: &mut Vec<Step>) {
    let name_of = |id: u64| {
        there.iter().find(|(_, group)| group.get("id").and_then(whole) == Some(id)).map(|(name, _)| name)
    };
    let linked: BTreeMap<&str, u32> =
        linked.iter().filter_map(|link| Some((name_of(link.sub_group_id)?.as_str(), link.weight))).collect();
    let set = || aggregate.name.clone();
    let missing: Vec<(String, u32)> =
        aggregate.members.iter().filter(|(name, _)| !linked.contains_key(name.as_str())).cloned().collect();
    if !missing.is_empty() {
        steps.push(Step::AddMembers { set: set(), members: missing });
    }
    for (name, weight) in &aggregate.members {
        if linked.get(name.as_str()).is_some_and(|linked| linked != weight) {
            steps.push(Step::Weigh { set: set(), member: name.clone(), weight: *weight });
        }
    }
    for name in linked.keys().filter(|name| !aggregate.members.iter().any(|(member, _)| member == *name)) {
        steps.push(Step::RemoveMember { set: set(), member: (*name).to_owned() });
    }
}

impl Plan {
    /// Carries the plan out; what was done before a failure stays done, and another plan goes on from there.
    pub async fn carry_out(&self, remote: &Remote) -> Result<(), ReadError> {
        let mut ids: BTreeMap<String, u64> = BTreeMap::new();
        for group in groups(remote).await? {
            if let (Some(name), Some(id)) = (text(&group, "name"), group.get("id").and_then(whole)) {
                ids.insert(name.to_owned(), id);
            }
        }
        for step in &self.steps {
            let call = step.call(&ids)?;
            let made = data(remote, call.method, &call.path, call.body.as_ref()).await?;
            if let (Step::CreateGroup { name, .. }, Some(id)) = (step, made.get("id").and_then(whole)) {
                ids.insert(name.clone(), id);
            }
        }
        Ok(())
    }
}

/// A call of the interface.
struct Call {
    method: Method,
    path: String,
    body: Option<Value>,
}
