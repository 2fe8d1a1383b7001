//! Access keys, and whose limits count for them.

use std::sync::Arc;

use roundhouse_domain::spec::{CacheChoice, CaptureSpec, LimitSpec, ModelRule, Network};
use roundhouse_domain::{AccessKeyId, GroupId, HolderId, Timestamp, UserId};

use super::{Compiler, Plan};
use crate::access::{AccessKey, AccessTable, CredentialHash, Entry};
use crate::limits::{Holder, Limits};

/// An access key by the hashes of its credentials.
#[derive(Clone, Debug)]
pub struct AccessKeyEntry {
    /// Its id, where people made it.
    pub id: Option<AccessKeyId>,
    /// Its name.
    pub name: String,
    /// What it is looked up by.
    pub credentials: Vec<CredentialEntry>,
    /// What it may use.
    pub rules: Vec<ModelRule>,
    /// How much it may use.
    pub limits: LimitSpec,
    /// Whose it is.
    pub user_id: Option<UserId>,
    /// Where it may be used from; anywhere where empty.
    pub networks: Vec<Network>,
    /// What it has otherwise of the answers that are kept.
    pub cache: CacheChoice,
    /// Which bodies of its requests are kept.
    pub capture: CaptureSpec,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// A credential of an access key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CredentialEntry {
    /// What it is looked up by.
    pub hash: CredentialHash,
    /// When it ends, where that is before the access key does.
    pub until: Option<Timestamp>,
}

/// An owner of access keys.
#[derive(Clone, Debug, Default)]
pub struct UserEntry {
    /// The name that callers know the user by.
    pub name: String,
    /// What all access keys of the user together may use.
    pub limits: LimitSpec,
    /// The groups that the user is in.
    pub groups: Vec<GroupId>,
}

/// A group of users.
#[derive(Clone, Debug, Default)]
pub struct GroupEntry {
    /// Its name.
    pub name: String,
    /// What all of its users together may use.
    pub limits: LimitSpec,
}

impl Compiler<'_> {
    pub(super) fn access(&self, plan: &Plan) -> AccessTable {
        AccessTable::new(plan.access_keys.iter().flat_map(|entry| {
            let holders = self.holders(entry, plan);
            let key = Arc::new(AccessKey {
                id: entry.id,
                name: entry.name.as_str().into(),
                user_id: entry.user_id,
                group: first_group(entry, plan),
                rules: entry.rules.clone(),
                networks: entry.networks.clone(),
                cache: entry.cache.clone(),
                capture: entry.capture,
                expires_at: entry.expires_at,
                holder_ids: holders.iter().map(|holder| holder.id.clone()).collect(),
                holders,
                is_internal: false,
            });
            let credentials = entry.credentials.iter();
            credentials.map(move |one| (one.hash, Entry { key: key.clone(), until: one.until }))
        }))
    }

    fn holders(&self, entry: &AccessKeyEntry, plan: &Plan) -> Box<[Holder]> {
        let own = match entry.id {
            Some(id) => HolderId::AccessKey(id),
            None => HolderId::DeclaredKey(entry.name.as_str().into()),
        };
        let mut holders = vec![self.holder(own, &entry.name, &entry.limits)];
        if let Some((id, user)) = entry.user_id.and_then(|id| Some((id, plan.users.get(&id)?))) {
            holders.push(self.holder(HolderId::User(id), &user.name, &user.limits));
            let groups = user.groups.iter().filter_map(|id| Some((*id, plan.groups.get(id)?)));
            holders.extend(
                groups.map(|(id, group)| self.holder(HolderId::Group(id), &group.name, &group.limits)),
            );
        }
        holders.into()
    }

    fn holder(&self, id: HolderId, name: &str, limits: &LimitSpec) -> Holder {
        let usage = self.usages.of(&id);
        Holder { id, name: name.into(), limits: Limits::from(limits), usage }
    }
}

/// The group that requests are put down to: the first of the owner's.
fn first_group(entry: &AccessKeyEntry, plan: &Plan) -> Option<Arc<str>> {
    let user = plan.users.get(&entry.user_id?)?;
    let group = user.groups.iter().find_map(|id| plan.groups.get(id))?;
    Some(group.name.as_str().into())
}
