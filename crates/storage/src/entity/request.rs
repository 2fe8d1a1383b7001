//! The request log, as far as it is searched.

use sea_orm::entity::prelude::*;

#[allow(clippy::struct_field_names, reason = "fields are named like the columns")]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requests")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) access_key_dim: i32,
    pub(crate) user_dim: i32,
    pub(crate) group_dim: i32,
    pub(crate) model_dim: i32,
    pub(crate) provider_dim: i32,
    pub(crate) provider_key_dim: i32,
    pub(crate) operation_dim: i32,
    pub(crate) status: i32,
    pub(crate) outcome: i16,
    pub(crate) client_ip_hash: i32,
    pub(crate) session_hash: i32,
    pub(crate) attempt_count: i32,
    pub(crate) flags: i16,
    pub(crate) started_at: i64,
    pub(crate) duration_ms: i32,
    pub(crate) first_byte_ms: Option<i32>,
    pub(crate) input_tokens: i64,
    pub(crate) output_tokens: i64,
    pub(crate) cached_tokens: i64,
    pub(crate) cache_write_tokens: i64,
    pub(crate) reasoning_tokens: i64,
    pub(crate) audio_input_tokens: i64,
    pub(crate) audio_output_tokens: i64,
    pub(crate) cost_nanousd: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
