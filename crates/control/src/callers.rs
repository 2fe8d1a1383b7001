//! Access keys, their owners and the owners' groups, as the data plane is to know them.

mod person;

use std::collections::{HashMap, HashSet};

use roundhouse_config::{Config, Source};
use roundhouse_domain::spec::{AccessKeySpec, LimitSpec};
use roundhouse_domain::{AccessKeyId, GroupId, HolderId, UserId};
use roundhouse_gateway::compile::{AccessKeyEntry, CredentialEntry, GroupEntry, UserEntry};
use roundhouse_storage::users::normalise_email;
use roundhouse_storage::{ConnectionTrait, StorageError, access_key_credentials, holder_limits, owners};

use crate::control::Control;
use crate::objects::{ObjectKind, Objects};

/// The configuration's list of access keys.
pub(crate) const LIST: &str = "access_keys";

/// Owners of access keys.
#[derive(Default)]
pub(crate) struct People {
    pub(crate) users: HashMap<UserId, UserEntry>,
    pub(crate) groups: HashMap<GroupId, GroupEntry>,
    by_email: HashMap<String, UserId>,
    disabled: HashSet<UserId>,
}

/// Whose an access key is.
enum Owned {
    /// Nobody's.
    Free,
    /// This person's.
    By(UserId),
    /// Somebody's who may not use it any more.
    Gone,
}

/// Gathers all access keys that work, and who owns them.
pub(crate) async fn gather(
    control: &Control,
    connection: &impl ConnectionTrait,
    config: &Config,
    objects: &Objects,
) -> Result<(Vec<AccessKeyEntry>, People), StorageError> {
    let specs = &config.declared.access_keys;
    let people = if specs.iter().any(|spec| spec.owner.is_some()) {
        People::load(connection).await?
    } else {
        People::default()
    };
    let mut stored: HashMap<AccessKeyId, Vec<CredentialEntry>> = HashMap::new();
    for one in access_key_credentials::list_all(connection).await? {
        let entry = CredentialEntry { hash: one.key_hash, until: one.expires_at };
        stored.entry(one.access_key_id).or_default().push(entry);
    }
    let mut entries = Vec::with_capacity(specs.len());
    for spec in specs.iter().filter(|spec| spec.enabled) {
        let user_id = match people.owner(spec) {
            Owned::Free => None,
            Owned::By(id) => Some(id),
            Owned::Gone => continue,
        };
        let id = stored_id(config, objects, &spec.name);
        let credentials = match (id, &spec.key) {
            (Some(id), _) => stored.remove(&id).unwrap_or_default(),
            (None, Some(key)) => {
                let hash = control.inner().parts.hasher.credential(key.expose().as_bytes());
                vec![CredentialEntry { hash, until: None }]
            }
            (None, None) => continue,
        };
        entries.push(entry(spec, id, user_id, credentials));
    }
    // Of two with one credential the last counts: what file and environment declare.
    entries.sort_by_key(|entry| entry.id.is_none());
    Ok((entries, people))
}

fn entry(
    spec: &AccessKeySpec,
    id: Option<AccessKeyId>,
    user_id: Option<UserId>,
    credentials: Vec<CredentialEntry>,
) -> AccessKeyEntry {
    AccessKeyEntry {
        id,
        name: spec.name.clone(),
        credentials,
        rules: spec.models.clone(),
        limits: spec.limits.clone(),
        user_id,
        networks: spec.allowed_networks.clone(),
        cache: spec.cache.clone(),
        capture: spec.capture,
        expires_at: spec.expires_at,
    }
}

/// The id of an access key that people made; none of one that is declared.
pub(crate) fn stored_id(config: &Config, objects: &Objects, name: &str) -> Option<AccessKeyId> {
    if config.sources.entry(LIST, name) != Some(&Source::Console) {
        return None;
    }
    objects.get(&(ObjectKind::AccessKey, name.to_owned())).map(|object| AccessKeyId(object.id.0))
}

impl People {
    async fn load(connection: &impl ConnectionTrait) -> Result<Self, StorageError> {
        let mut limits = holder_limits::list_all(connection).await?;
        let mut limits_of = |holder: HolderId| -> LimitSpec { limits.remove(&holder).unwrap_or_default() };
        let mut people = Self::default();
        for owners::Owner { id, email, disabled } in owners::list(connection).await? {
            if disabled {
                people.disabled.insert(id);
            }
            let limits = limits_of(HolderId::User(id));
            people.users.insert(id, UserEntry { name: email.clone(), limits, groups: Vec::new() });
            people.by_email.insert(email, id);
        }
        for (id, name) in owners::list_groups(connection).await? {
            people.groups.insert(id, GroupEntry { name, limits: limits_of(HolderId::Group(id)) });
        }
        for (user, group) in owners::list_memberships(connection).await? {
            if let Some(user) = people.users.get_mut(&user) {
                user.groups.push(group);
            }
        }
        Ok(people)
    }

    fn owner(&self, spec: &AccessKeySpec) -> Owned {
        let Some(owner) = &spec.owner else { return Owned::Free };
        let id = owner.parse().ok().or_else(|| self.by_email.get(&normalise_email(owner)).copied());
        match id {
            Some(id) if self.users.contains_key(&id) && !self.disabled.contains(&id) => Owned::By(id),
            Some(_) => Owned::Gone,
            // Who declares an access key may do so before its owner is added.
            None => {
                tracing::warn!(
                    access_key = spec.name,
                    owner,
                    "nobody has the e-mail address of this access key's owner"
                );
                Owned::Free
            }
        }
    }
}
