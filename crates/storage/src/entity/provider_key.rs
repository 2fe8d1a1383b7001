//! Provider keys.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_keys")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) provider: String,
    pub(crate) key_hash: Vec<u8>,
    pub(crate) sealed: Vec<u8>,
    pub(crate) masked: String,
    pub(crate) declared: bool,
    pub(crate) enabled: bool,
    pub(crate) note: String,
    pub(crate) tags: String,
    pub(crate) weight: i32,
    pub(crate) limits: String,
    pub(crate) sealed_proxy: Option<Vec<u8>>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {
    #[sea_orm(
        belongs_to = "super::provider_key_state::Entity",
        from = "(Column::Provider, Column::KeyHash)",
        to = "(super::provider_key_state::Column::Provider, super::provider_key_state::Column::KeyHash)"
    )]
    State,
}

impl ActiveModelBehavior for ActiveModel {}
