//! The request log.

use sea_orm::entity::prelude::*;

#[allow(clippy::struct_field_names, reason = "fields are named like the columns")]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requests")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) started_at: i64,
    pub(crate) duration_ms: i64,
    pub(crate) first_byte_ms: Option<i64>,
    pub(crate) access_key_id: Option<Uuid>,
    pub(crate) access_key: String,
    pub(crate) operation: String,
    pub(crate) model: String,
    pub(crate) stream: bool,
    pub(crate) status: i32,
    pub(crate) outcome: String,
    pub(crate) error: Option<String>,
    pub(crate) input_tokens: i64,
    pub(crate) output_tokens: i64,
    pub(crate) cached_tokens: i64,
    pub(crate) cache_write_tokens: i64,
    pub(crate) reasoning_tokens: i64,
    pub(crate) client_ip: Option<String>,
    pub(crate) provider: Option<String>,
    pub(crate) provider_key_hash: Option<Vec<u8>>,
    pub(crate) upstream_model: Option<String>,
    pub(crate) attempts: String,
    pub(crate) choices: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
