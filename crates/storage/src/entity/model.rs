//! What providers list.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "models")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) provider: String,
    pub(crate) name: String,
    pub(crate) display_name: Option<String>,
    pub(crate) owned_by: Option<String>,
    pub(crate) context_tokens: Option<i64>,
    pub(crate) max_output_tokens: Option<i64>,
    pub(crate) first_seen: i64,
    pub(crate) last_seen: i64,
    pub(crate) missing_since: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
