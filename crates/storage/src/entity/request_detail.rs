//! What the request log only shows.

use sea_orm::entity::prelude::*;

#[allow(clippy::struct_field_names, reason = "fields are named like the columns")]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "request_details")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) access_key_id: Option<Uuid>,
    pub(crate) client_ip: Option<String>,
    pub(crate) upstream_model: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) attempts: String,
    pub(crate) choices: Option<String>,
    pub(crate) more: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
