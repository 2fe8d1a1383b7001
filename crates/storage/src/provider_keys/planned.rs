//! What a snapshot is made from: the keys that people entered, without their credentials.

use std::collections::HashMap;

use roundhouse_domain::KeyHash;
use roundhouse_domain::spec::KeyLimitSpec;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::settings::or_empty;
use super::{Column, Entity, TABLE, key_hash};
use crate::entity::provider_key_version as version;
use crate::error::StorageError;

/// A key that people entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Names the key.
    pub key_hash: KeyHash,
    /// Whether people want it used.
    pub enabled: bool,
    /// Share among the usable keys of its provider.
    pub weight: u32,
    /// How much may be asked for with it.
    pub limits: KeyLimitSpec,
    /// Its own proxy, sealed.
    pub sealed_proxy: Option<Vec<u8>>,
}

/// How often the keys of each provider changed; a provider that is absent never had any.
pub async fn versions(connection: &impl ConnectionTrait) -> Result<HashMap<String, i64>, StorageError> {
    let rows = version::Entity::find().all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.provider, row.version)).collect())
}

/// The keys of a provider that people entered, in the order they were added.
pub async fn list_planned(
    connection: &impl ConnectionTrait,
    provider: &str,
) -> Result<Vec<Planned>, StorageError> {
    let query = Entity::find()
        .select_only()
        .columns([Column::KeyHash, Column::Enabled, Column::Weight, Column::Limits, Column::SealedProxy])
        .filter(Column::Provider.eq(provider))
        .filter(Column::Declared.eq(false))
        .order_by_asc(Column::Id);
    let rows: Vec<Row> = query.into_tuple().all(connection).await?;
    let planned = |(hash, enabled, weight, limits, sealed_proxy): Row| {
        let corrupt = |column| StorageError::corrupt(TABLE, column, provider);
        Ok(Planned {
            key_hash: key_hash(provider, &hash)?,
            enabled,
            weight: u32::try_from(weight).map_err(|_| corrupt("weight"))?,
            limits: or_empty(&limits).map_err(|_| corrupt("limits"))?,
            sealed_proxy,
        })
    };
    rows.into_iter().map(planned).collect()
}

/// Declared keys that people switched off, with their providers.
pub async fn list_disabled(
    connection: &impl ConnectionTrait,
) -> Result<Vec<(String, KeyHash)>, StorageError> {
    let query = Entity::find()
        .select_only()
        .columns([Column::Provider, Column::KeyHash])
        .filter(Column::Enabled.eq(false))
        .filter(Column::Declared.eq(true));
    let rows: Vec<(String, Vec<u8>)> = query.into_tuple().all(connection).await?;
    let disabled = |(provider, hash): (String, Vec<u8>)| {
        let hash = key_hash(&provider, &hash)?;
        Ok((provider, hash))
    };
    rows.into_iter().map(disabled).collect()
}

/// Hash, whether it is wanted, weight, limits, proxy.
type Row = (Vec<u8>, bool, i32, String, Option<Vec<u8>>);
