//! Names that the request log and its roll-ups call by number.
//!
//! A number once given stays: what is remembered of it in memory is true for as long as the database is open.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};
use roundhouse_domain::{KeyHash, UserId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};

use crate::entity::dimension::{ActiveModel, Column, Entity};
use crate::error::StorageError;

/// Names kept in memory at the most; beyond it they are looked up again.
const KEPT: usize = 100_000;

/// Kinds, and none.
const KINDS: usize = 8;

/// What a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i16)]
pub enum Kind {
    /// An access key, by its name.
    AccessKey = 1,
    /// A user, by id.
    User = 2,
    /// A group.
    Group = 3,
    /// A public model name.
    Model = 4,
    /// A provider, by its name.
    Provider = 5,
    /// A provider key, by its hash.
    ProviderKey = 6,
    /// What was asked for.
    Operation = 7,
}

/// Numbers that are known; clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known(Arc<Mutex<Maps>>);

/// Numbers by name. What is not text in a record is not made text for the sake of a look-up.
#[derive(Debug, Default)]
pub(crate) struct Maps {
    texts: [HashMap<Arc<str>, i32>; KINDS],
    users: HashMap<UserId, i32>,
    keys: HashMap<KeyHash, i32>,
}

/// A name that has no number yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    Text(Kind, Arc<str>),
    User(UserId),
    Key(KeyHash),
}

impl Maps {
    /// The number of a text; 0 is that of the empty one.
    pub(crate) fn text(&self, kind: Kind, text: &str) -> Result<i32, Unknown> {
        if text.is_empty() {
            return Ok(0);
        }
        let known = self.texts[kind as usize % KINDS].get(text).copied();
        known.ok_or_else(|| Unknown::Text(kind, text.into()))
    }

    /// The number of a user; 0 is that of nobody.
    pub(crate) fn user(&self, user: Option<UserId>) -> Result<i32, Unknown> {
        let Some(user) = user else { return Ok(0) };
        self.users.get(&user).copied().ok_or(Unknown::User(user))
    }

    /// The number of a provider key; 0 is that of none.
    pub(crate) fn key(&self, key: Option<KeyHash>) -> Result<i32, Unknown> {
        let Some(key) = key else { return Ok(0) };
        self.keys.get(&key).copied().ok_or(Unknown::Key(key))
    }

    fn keep(&mut self, name: Unknown, id: i32) {
        let kept = self.texts.iter().map(HashMap::len).sum::<usize>() + self.users.len() + self.keys.len();
        if kept >= KEPT {
            *self = Self::default();
        }
        match name {
            Unknown::Text(kind, text) => self.texts[kind as usize % KINDS].insert(text, id),
            Unknown::User(user) => self.users.insert(user, id),
            Unknown::Key(key) => self.keys.insert(key, id),
        };
    }
}

impl Known {
    /// What is known, until the guard is dropped.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Maps> {
        self.0.lock()
    }

    /// Gives numbers to `names`.
    pub(crate) async fn learn(
        &self,
        connection: &impl ConnectionTrait,
        names: Vec<Unknown>,
    ) -> Result<(), StorageError> {
        for name in names {
            let (kind, value) = match &name {
                Unknown::Text(kind, text) => (*kind, text.to_string()),
                Unknown::User(user) => (Kind::User, user.to_string()),
                Unknown::Key(key) => (Kind::ProviderKey, key.to_string()),
            };
            let id = match find(connection, kind, &value).await? {
                Some(id) => id,
                None => insert(connection, kind, &value).await?,
            };
            self.lock().keep(name, id);
        }
        Ok(())
    }
}

/// The number of that name; 0 is that of the empty one.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    kind: Kind,
    value: &str,
) -> Result<Option<i32>, StorageError> {
    if value.is_empty() {
        return Ok(Some(0));
    }
    let query = Entity::find().filter(Column::Kind.eq(kind as i16)).filter(Column::Value.eq(value));
    Ok(query.one(connection).await?.map(|row| row.id))
}

/// The names of these numbers.
pub(crate) async fn names(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = i32>,
) -> Result<HashMap<i32, Arc<str>>, StorageError> {
    let mut ids: Vec<i32> = ids.into_iter().filter(|id| *id != 0).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut names = HashMap::with_capacity(ids.len());
    // SQLite takes 32,766 values in a statement (sqlite.org/limits.html).
    for chunk in ids.chunks(10_000) {
        let rows = Entity::find().filter(Column::Id.is_in(chunk.iter().copied())).all(connection).await?;
        names.extend(rows.into_iter().map(|row| (row.id, Arc::from(row.value))));
    }
    Ok(names)
}

/// Names of a kind that contain `text`, by name: for people who look for one.
pub async fn list(
    connection: &impl ConnectionTrait,
    kind: Kind,
    text: &str,
    limit: u64,
) -> Result<Vec<String>, StorageError> {
    let query =
        Entity::find().filter(Column::Kind.eq(kind as i16)).filter(Column::Value.contains(text)).limit(limit);
    let mut names: Vec<_> = query.all(connection).await?.into_iter().map(|row| row.value).collect();
    names.sort_unstable();
    Ok(names)
}

async fn insert(connection: &impl ConnectionTrait, kind: Kind, value: &str) -> Result<i32, StorageError> {
    let row = ActiveModel { id: NotSet, kind: Set(kind as i16), value: Set(value.to_owned()) };
    let keep = OnConflict::columns([Column::Kind, Column::Value]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(keep).exec_without_returning(connection).await?;
    find(connection, kind, value).await?.ok_or_else(|| StorageError::corrupt("dimensions", "value", value))
}
