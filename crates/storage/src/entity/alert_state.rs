//! What alerts have found and is not over.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alert_states")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) rule: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) object: String,
    pub(crate) finding: String,
    pub(crate) since: i64,
    pub(crate) fired_at: Option<i64>,
    pub(crate) told_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
