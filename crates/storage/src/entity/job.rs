//! Background work.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) subject: Option<String>,
    pub(crate) payload: String,
    pub(crate) state: String,
    pub(crate) priority: i32,
    pub(crate) run_at: i64,
    pub(crate) attempts: i32,
    pub(crate) max_attempts: i32,
    pub(crate) lease_owner: Option<Uuid>,
    pub(crate) lease_until: Option<i64>,
    pub(crate) dedupe_key: Option<String>,
    pub(crate) cancel_requested: bool,
    pub(crate) progress_done: i64,
    pub(crate) progress_total: Option<i64>,
    pub(crate) progress_message: Option<String>,
    pub(crate) checkpoint: Option<String>,
    pub(crate) result: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) created_by: Option<Uuid>,
    pub(crate) created_at: i64,
    pub(crate) started_at: Option<i64>,
    pub(crate) finished_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
