//! Bodies that were captured, compressed.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "request_bodies")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) captured_at: i64,
    pub(crate) request: Option<Vec<u8>>,
    pub(crate) request_cut: bool,
    pub(crate) response: Option<Vec<u8>>,
    pub(crate) response_cut: bool,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
