//! Seeing access keys.

use roundhouse_config::Source;
use roundhouse_domain::spec::AccessKeySpec;
use roundhouse_domain::{AccessKeyId, HolderId, Timestamp, UserId};
use roundhouse_storage::access_key_credentials as credentials;
use roundhouse_storage::users::{self, normalise_email};
use uuid::Uuid;

use super::{AccessKey, AccessKeyError, Reach, ShownCredential, by_key};
use crate::callers::LIST;
use crate::changes::ChangeError;
use crate::control::Control;
use crate::objects::{Object, ObjectKind};
use crate::prices;

/// Which access keys to list; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Whose: a user's id or e-mail address.
    pub owner: Option<String>,
    /// Part of the name, the description or a tag, in any case.
    pub text: Option<String>,
    /// Whether their time is over.
    pub expired: Option<bool>,
    /// Whether they are switched on.
    pub enabled: Option<bool>,
}

/// An access key without what only storage knows.
pub(super) struct Found {
    pub(super) id: Uuid,
    pub(super) spec: AccessKeySpec,
    pub(super) source: Source,
    pub(super) owner: Option<UserId>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
}

impl Control {
    /// Access keys within `reach`, oldest first and declared ones last, `limit` of them after `cursor`.
    pub async fn list_access_keys(
        &self,
        reach: Reach,
        filter: &Filter,
        (limit, cursor): (u64, Option<Uuid>),
    ) -> Result<Vec<AccessKey>, AccessKeyError> {
        let wanted = match filter.owner.as_deref() {
            Some(owner) => Some(self.find_user(owner).await?),
            None => None,
        };
        let now = self.now();
        let is_meant = |found: &Found| {
            reach.includes(found.owner)
                && wanted.is_none_or(|wanted| wanted.is_some() && found.owner == wanted)
                && filter.expired.is_none_or(|expired| expired == has_expired(&found.spec, now))
                && filter.enabled.is_none_or(|enabled| enabled == found.spec.enabled)
                && filter.text.as_deref().is_none_or(|text| mentions(&found.spec, text))
                && cursor.is_none_or(|cursor| found.id > cursor)
        };
        let mut found: Vec<_> = self.all_access_keys().await?.into_iter().filter(is_meant).collect();
        found.sort_by_key(|found| found.id);
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        self.shown_access_keys(found).await
    }

    /// The access key of that id or name, where it is within `reach`.
    pub async fn access_key(&self, reach: Reach, id_or_name: &str) -> Result<AccessKey, AccessKeyError> {
        let found = self.find_access_key(reach, id_or_name).await?;
        self.shown_access_keys(vec![found]).await?.pop().ok_or_else(|| ChangeError::NotFound.into())
    }

    /// How many of them there are within `reach` does not matter to whoever asks for one that is not.
    pub(super) async fn find_access_key(
        &self,
        reach: Reach,
        id_or_name: &str,
    ) -> Result<Found, AccessKeyError> {
        let id = Uuid::parse_str(id_or_name).ok();
        let is_meant = |found: &Found| {
            (Some(found.id) == id || found.spec.name == id_or_name) && reach.includes(found.owner)
        };
        let found = self.all_access_keys().await?.into_iter().find(is_meant);
        found.ok_or_else(|| ChangeError::NotFound.into())
    }

    /// The user of that id or e-mail address.
    pub(super) async fn find_user(&self, owner: &str) -> Result<Option<UserId>, AccessKeyError> {
        let reader = self.database().reader();
        if let Ok(id) = owner.trim().parse::<UserId>() {
            return Ok(users::get(reader, id).await?.map(|user| user.id));
        }
        Ok(users::find_by_email(reader, &normalise_email(owner)).await?.map(|(user, _)| user.id))
    }

    async fn all_access_keys(&self) -> Result<Vec<Found>, AccessKeyError> {
        let (config, objects) = (self.config(), self.objects());
        let mut found = Vec::new();
        for object in objects.values().filter(|object| object.kind == ObjectKind::AccessKey) {
            let declared_too =
                config.sources.entry(LIST, &object.name).is_some_and(|source| *source != Source::Console);
            if !declared_too {
                found.extend(of_object(object));
            }
        }
        for spec in &config.declared.access_keys {
            let Some(source) = config.sources.entry(LIST, &spec.name) else { continue };
            if *source == Source::Console {
                continue;
            }
            let owner = match spec.owner.as_deref() {
                Some(owner) => self.find_user(owner).await?,
                None => None,
            };
            let (spec, source) = (spec.clone(), source.clone());
            let id = declared_id(&spec.name);
            found.push(Found { id, spec, source, owner, created_at: None, updated_at: None });
        }
        Ok(found)
    }

    async fn shown_access_keys(&self, found: Vec<Found>) -> Result<Vec<AccessKey>, AccessKeyError> {
        let now = self.now();
        let ids: Vec<_> = found.iter().map(|found| AccessKeyId(found.id)).collect();
        let stored = credentials::list_of(self.database().reader(), &ids).await?;
        let mut credentials = by_key(&stored, now);
        let mut warnings = prices::warnings(&self.gateway().snapshot());
        let show = |found: Found| {
            let Found { id, spec, source, owner, created_at, updated_at } = found;
            let credentials = match &spec.key {
                Some(key) => {
                    vec![ShownCredential { masked: key.masked(), created_at: None, expires_at: None }]
                }
                None => credentials.remove(&AccessKeyId(id)).unwrap_or_default(),
            };
            let spec = AccessKeySpec { key: None, key_file: None, ..spec };
            let mut key = AccessKey {
                warnings: warnings.remove(spec.name.as_str()).into_iter().collect(),
                id,
                spec,
                source,
                owner,
                credentials,
                used: roundhouse_gateway::limits::Used::default(),
                created_at,
                updated_at,
            };
            key.used = self.used(&key.holder());
            key
        };
        Ok(found.into_iter().map(show).collect())
    }

    /// What a holder of limits has used.
    pub fn used(&self, holder: &HolderId) -> roundhouse_gateway::limits::Used {
        self.gateway().usages().get(holder).map(|usage| usage.used(self.now())).unwrap_or_default()
    }
}

/// What does not read as an access key is left out of the configuration, and told of there.
fn of_object(object: &Object) -> Option<Found> {
    let mut body = object.body.clone();
    body.as_object_mut()?.insert("name".to_owned(), object.name.as_str().into());
    let spec: AccessKeySpec = serde_json::from_value(body).ok()?;
    Some(Found {
        id: object.id.0,
        owner: spec.owner.as_deref().and_then(|owner| owner.parse().ok()),
        spec,
        source: Source::Console,
        created_at: Some(object.created_at),
        updated_at: Some(object.updated_at),
    })
}

/// The same in each run; sorts behind all others.
fn declared_id(name: &str) -> Uuid {
    let hash = blake3::hash(format!("access_key\0{name}").as_bytes());
    let mut bytes = hash.as_bytes().first_chunk().copied().unwrap_or_default();
    bytes[0] = 0xff;
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

fn has_expired(spec: &AccessKeySpec, now: Timestamp) -> bool {
    spec.expires_at.is_some_and(|end| end <= now)
}

fn mentions(spec: &AccessKeySpec, text: &str) -> bool {
    let text = text.to_lowercase();
    let texts = [Some(&spec.name), spec.description.as_ref()].into_iter().flatten().chain(&spec.tags);
    texts.into_iter().any(|own| own.to_lowercase().contains(&text))
}
