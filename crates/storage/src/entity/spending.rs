//! What holders of limits used, by day.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "spending")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) day: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) holder: String,
    pub(crate) requests: i64,
    pub(crate) tokens: i64,
    pub(crate) cost_nanousd: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
