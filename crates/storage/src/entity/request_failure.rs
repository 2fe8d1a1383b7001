//! What went wrong in requests, attempt by attempt.

use sea_orm::entity::prelude::*;

#[allow(clippy::struct_field_names, reason = "fields are named like the columns")]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "request_failures")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) position: i16,
    pub(crate) provider_dim: i32,
    pub(crate) provider_key_dim: i32,
    pub(crate) status: i32,
    pub(crate) verdict: String,
    pub(crate) error: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
