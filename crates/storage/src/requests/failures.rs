//! What went wrong, by provider key.

use std::sync::Arc;

use roundhouse_domain::{KeyHash, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::filter::{earliest, latest};
use crate::dimensions::{self, Kind};
use crate::entity::request_failure::{Column, Entity};
use crate::error::StorageError;

/// A provider key that failed in some way, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedKey {
    /// The provider's name.
    pub provider: Arc<str>,
    /// Which of its keys.
    pub key: KeyHash,
    /// How often.
    pub attempts: u64,
}

#[derive(FromQueryResult)]
struct Line {
    provider_dim: i32,
    provider_key_dim: i32,
    attempts: i64,
}

/// Provider keys whose attempts were answered with `status` in a time, the most often first, `limit` at the most.
pub async fn failed_keys(
    connection: &impl ConnectionTrait,
    status: u16,
    provider: Option<&str>,
    (from, to): (Option<Timestamp>, Option<Timestamp>),
    limit: u64,
) -> Result<Vec<FailedKey>, StorageError> {
    let mut all = Condition::all()
        .add(Column::Status.eq(i32::from(status)))
        .add(Column::ProviderKeyDim.ne(0))
        .add_option(from.map(|from| Column::Id.gte(earliest(from))))
        .add_option(to.map(|to| Column::Id.lt(latest(to))));
    if let Some(name) = provider {
        let Some(number) = dimensions::find(connection, Kind::Provider, name).await? else {
            return Ok(Vec::new());
        };
        all = all.add(Column::ProviderDim.eq(number));
    }
    let count = || Expr::col(Column::Position).count();
    let lines = Entity::find()
        .select_only()
        .column(Column::ProviderDim)
        .column(Column::ProviderKeyDim)
        .column_as(count(), "attempts")
        .filter(all)
        .group_by(Column::ProviderDim)
        .group_by(Column::ProviderKeyDim)
        .order_by_desc(count())
        .order_by_asc(Column::ProviderKeyDim)
        .limit(limit)
        .into_model::<Line>()
        .all(connection)
        .await?;
    let names = lines.iter().flat_map(|line| [line.provider_dim, line.provider_key_dim]);
    let names = dimensions::names(connection, names).await?;
    let read = |line: &Line| {
        Some(FailedKey {
            provider: names.get(&line.provider_dim)?.clone(),
            key: KeyHash::parse(names.get(&line.provider_key_dim)?)?,
            attempts: u64::try_from(line.attempts).ok()?,
        })
    };
    let keys = lines.iter().map(|line| {
        read(line).ok_or_else(|| {
            StorageError::corrupt("request_failures", "provider_key_dim", line.provider_key_dim)
        })
    });
    keys.collect()
}
