//! Second factors: the sealed secret of one-time codes, and hashes of the codes for those who lost it.

use roundhouse_domain::{Timestamp, UserId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
};

use crate::entity::recovery_code;
use crate::entity::totp_factor::{ActiveModel, Column, Entity, Model};
use crate::error::StorageError;

/// What secrets behind one-time codes are sealed for.
pub const SEALING_CONTEXT: &str = "second factor";

/// A stored second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotpFactor {
    /// Whose it is.
    pub user_id: UserId,
    /// The secret, sealed.
    pub sealed: Vec<u8>,
    /// The time step whose code was used last; none before it can be used again.
    pub last_step: i64,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When its owner showed that they have it; until then it is asked of nobody.
    pub confirmed_at: Option<Timestamp>,
}

/// Sets a person's second factor, not confirmed, unless they have a confirmed one; tells whether it did.
pub async fn insert(connection: &impl ConnectionTrait, factor: &TotpFactor) -> Result<bool, StorageError> {
    let begun_before = Entity::delete_many()
        .filter(Column::UserId.eq(factor.user_id.0))
        .filter(Column::ConfirmedAt.is_null());
    begun_before.exec(connection).await?;
    let row = ActiveModel {
        user_id: Set(factor.user_id.0),
        sealed: Set(factor.sealed.clone()),
        last_step: Set(factor.last_step),
        created_at: Set(factor.created_at.as_millis()),
        confirmed_at: Set(None),
    };
    let stays = OnConflict::column(Column::UserId).do_nothing().to_owned();
    Ok(Entity::insert(row).on_conflict(stays).exec_without_returning(connection).await? > 0)
}

/// A person's second factor, confirmed or not.
pub async fn get(
    connection: &impl ConnectionTrait,
    user: UserId,
) -> Result<Option<TotpFactor>, StorageError> {
    Ok(Entity::find_by_id(user.0).one(connection).await?.map(factor))
}

/// Notes that the code of a step was used, and confirms the factor; tells whether that step was not used before.
pub async fn update_used(
    connection: &impl ConnectionTrait,
    user: UserId,
    step: i64,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let confirmed = Expr::col(Column::ConfirmedAt).if_null(now.as_millis());
    let updated = Entity::update_many()
        .col_expr(Column::LastStep, Expr::value(step))
        .col_expr(Column::ConfirmedAt, confirmed)
        .filter(Column::UserId.eq(user.0))
        .filter(Column::LastStep.lt(step))
        .exec(connection)
        .await?;
    Ok(updated.rows_affected > 0)
}

/// Removes a person's second factor with its recovery codes; tells whether there was one.
pub async fn delete(connection: &impl ConnectionTrait, user: UserId) -> Result<bool, StorageError> {
    replace_recovery_codes(connection, user, &[]).await?;
    Ok(Entity::delete_by_id(user.0).exec(connection).await?.rows_affected > 0)
}

/// Makes a person's recovery codes the ones with these hashes.
pub async fn replace_recovery_codes(
    connection: &impl ConnectionTrait,
    user: UserId,
    hashes: &[[u8; 32]],
) -> Result<(), StorageError> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(user.0))
        .exec(connection)
        .await?;
    let rows = hashes
        .iter()
        .map(|hash| recovery_code::ActiveModel { user_id: Set(user.0), code_hash: Set(hash.to_vec()) });
    if !hashes.is_empty() {
        recovery_code::Entity::insert_many(rows).exec_without_returning(connection).await?;
    }
    Ok(())
}

/// Uses up a recovery code; tells whether it was there.
pub async fn delete_recovery_code(
    connection: &impl ConnectionTrait,
    user: UserId,
    hash: &[u8; 32],
) -> Result<bool, StorageError> {
    let deleted = recovery_code::Entity::delete_by_id((user.0, hash.to_vec())).exec(connection).await?;
    Ok(deleted.rows_affected > 0)
}

/// How many recovery codes a person has left.
pub async fn count_recovery_codes(
    connection: &impl ConnectionTrait,
    user: UserId,
) -> Result<u64, StorageError> {
    let query = recovery_code::Entity::find().filter(recovery_code::Column::UserId.eq(user.0));
    Ok(query.count(connection).await?)
}

fn factor(row: Model) -> TotpFactor {
    TotpFactor {
        user_id: UserId(row.user_id),
        sealed: row.sealed,
        last_step: row.last_step,
        created_at: Timestamp::from_millis(row.created_at),
        confirmed_at: row.confirmed_at.map(Timestamp::from_millis),
    }
}
