//! Bringing the stored models of a provider in step with its list.

use std::collections::{HashMap, HashSet};

use roundhouse_domain::{Ids, Timestamp};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{StoredModel, list_of};
use crate::DatabaseTransaction;
use crate::entity::model::{ActiveModel, Column, Entity};
use crate::error::StorageError;

/// Rows of one statement: below the number of values that SQLite takes.
const AT_ONCE: usize = 500;

/// A model as a provider lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The provider's name for it.
    pub name: String,
    /// A name for people.
    pub display_name: Option<String>,
    /// Who made it, as the provider says.
    pub owned_by: Option<String>,
    /// The most tokens of prompt and answer together, where the provider says.
    pub context_tokens: Option<u64>,
    /// The most tokens of an answer, where the provider says.
    pub max_output_tokens: Option<u64>,
}

/// What a list changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synced {
    /// Names that were not listed before; also those that came back.
    pub added: Vec<String>,
    /// Names that are no longer listed.
    pub removed: Vec<String>,
    /// How many were listed before and still are.
    pub unchanged: usize,
}

impl Synced {
    /// True when other models are listed than before.
    pub fn is_news(&self) -> bool {
        !self.added.is_empty() || !self.removed.is_empty()
    }
}

/// Takes up the list of a provider. With a `complete` list, those that are not in it are missing from now on.
pub async fn sync(
    transaction: &DatabaseTransaction,
    provider: &str,
    (listed, complete): (&[Listed], bool),
    now: Timestamp,
    ids: &Ids,
) -> Result<Synced, StorageError> {
    let known = list_of(transaction, provider).await?;
    let by_name: HashMap<&str, &StoredModel> =
        known.iter().map(|model| (model.listed.name.as_str(), model)).collect();
    let mut synced = Synced::default();
    let (mut seen, mut rows) = (Vec::new(), Vec::new());
    let mut names = HashSet::new();
    for entry in listed.iter().filter(|entry| names.insert(entry.name.as_str())) {
        let before = by_name.get(entry.name.as_str());
        match before {
            Some(model) if model.missing_since.is_none() => synced.unchanged += 1,
            _ => synced.added.push(entry.name.clone()),
        }
        match before {
            Some(model) if model.listed == *entry => seen.push(model.id.0),
            _ => rows.push(row(provider, entry, now, ids)),
        }
    }
    let is_gone =
        |model: &&StoredModel| model.missing_since.is_none() && !names.contains(model.listed.name.as_str());
    let gone: Vec<_> = known.iter().filter(|model| complete && is_gone(model)).collect();
    synced.removed = gone.iter().map(|model| model.listed.name.clone()).collect();
    synced.removed.sort_unstable();
    insert(transaction, rows).await?;
    mark(transaction, &seen, (Some(now), None)).await?;
    let gone: Vec<_> = gone.iter().map(|model| model.id.0).collect();
    mark(transaction, &gone, (None, Some(now))).await?;
    Ok(synced)
}

/// Adds models; of those that are there, what the provider says of them now.
async fn insert(transaction: &DatabaseTransaction, rows: Vec<ActiveModel>) -> Result<(), StorageError> {
    let replace = OnConflict::columns([Column::Provider, Column::Name])
        .update_columns([
            Column::DisplayName,
            Column::OwnedBy,
            Column::ContextTokens,
            Column::MaxOutputTokens,
            Column::LastSeen,
            Column::MissingSince,
        ])
        .to_owned();
    for chunk in rows.chunks(AT_ONCE) {
        let insert = Entity::insert_many(chunk.to_vec()).on_conflict(replace.clone());
        insert.exec_without_returning(transaction).await?;
    }
    Ok(())
}

/// Notes of models when they were seen, or since when they are missing.
async fn mark(
    transaction: &DatabaseTransaction,
    ids: &[sea_orm::prelude::Uuid],
    (seen, missing): (Option<Timestamp>, Option<Timestamp>),
) -> Result<(), StorageError> {
    for chunk in ids.chunks(AT_ONCE) {
        let mut update = Entity::update_many()
            .col_expr(Column::MissingSince, Expr::value(missing.map(Timestamp::as_millis)))
            .filter(Column::Id.is_in(chunk.iter().copied()));
        if let Some(seen) = seen {
            update = update.col_expr(Column::LastSeen, Expr::value(seen.as_millis()));
        }
        update.exec(transaction).await?;
    }
    Ok(())
}

fn row(provider: &str, listed: &Listed, now: Timestamp, ids: &Ids) -> ActiveModel {
    let number = |tokens: Option<u64>| tokens.map(|tokens| i64::try_from(tokens).unwrap_or(i64::MAX));
    ActiveModel {
        id: Set(ids.next()),
        provider: Set(provider.to_owned()),
        name: Set(listed.name.clone()),
        display_name: Set(listed.display_name.clone()),
        owned_by: Set(listed.owned_by.clone()),
        context_tokens: Set(number(listed.context_tokens)),
        max_output_tokens: Set(number(listed.max_output_tokens)),
        first_seen: Set(now.as_millis()),
        last_seen: Set(now.as_millis()),
        missing_since: Set(None),
    }
}
