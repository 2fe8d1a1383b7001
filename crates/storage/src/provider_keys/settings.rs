//! What is said of a provider key, as columns.

use roundhouse_domain::spec::{KeyLimitSpec, KeySettingsSpec};
use sea_orm::ActiveValue::Set;
use sea_orm::DbErr;
use sea_orm::prelude::Uuid;

use super::{ActiveModel, TABLE};
use crate::error::StorageError;

/// What is said of a provider key beyond its credential; its proxy is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What people should know of it.
    pub note: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Share among the usable keys of its provider; 0 is off.
    pub weight: u32,
    /// How much may be asked for with it.
    pub limits: KeyLimitSpec,
    /// Its own proxy, as [`crate::MasterKey::seal`] makes it for [`super::PROXY_CONTEXT`].
    pub sealed_proxy: Option<Vec<u8>>,
}

impl Default for Settings {
    fn default() -> Self {
        let KeySettingsSpec { weight, limits, note, tags, .. } = KeySettingsSpec::default();
        Self { note, tags, weight, limits, sealed_proxy: None }
    }
}

impl Settings {
    /// The columns of these settings; all others are not set.
    pub(super) fn columns(&self) -> Result<ActiveModel, StorageError> {
        let unwritable = |error: serde_json::Error| StorageError::Database(DbErr::Json(error.to_string()));
        let limits = if self.limits.is_empty() {
            String::new()
        } else {
            serde_json::to_string(&self.limits).map_err(unwritable)?
        };
        let tags = if self.tags.is_empty() {
            String::new()
        } else {
            serde_json::to_string(&self.tags).map_err(unwritable)?
        };
        Ok(ActiveModel {
            note: Set(self.note.clone()),
            tags: Set(tags),
            weight: Set(i32::try_from(self.weight).unwrap_or(i32::MAX)),
            limits: Set(limits),
            sealed_proxy: Set(self.sealed_proxy.clone()),
            ..Default::default()
        })
    }

    /// The settings of row `id`, whose last columns are limits and proxy.
    pub(super) fn read(
        id: Uuid,
        note: String,
        tags: &str,
        weight: i32,
        (limits, sealed_proxy): (&str, Option<Vec<u8>>),
    ) -> Result<Self, StorageError> {
        let corrupt = |column| StorageError::corrupt(TABLE, column, id);
        Ok(Self {
            note,
            tags: or_empty(tags).map_err(|_| corrupt("tags"))?,
            weight: u32::try_from(weight).map_err(|_| corrupt("weight"))?,
            limits: or_empty(limits).map_err(|_| corrupt("limits"))?,
            sealed_proxy,
        })
    }
}

/// Nothing is written where there is nothing to say: most rows of 100,000 have nothing.
pub(super) fn or_empty<T: Default + serde::de::DeserializeOwned>(json: &str) -> Result<T, serde_json::Error> {
    if json.is_empty() { Ok(T::default()) } else { serde_json::from_str(json) }
}
