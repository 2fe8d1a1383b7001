//! What holders of limits used, by day: what budgets are restored from.

use std::collections::HashMap;

use roundhouse_domain::{Amounts, Day, HolderId, NanoUsd};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
};

use crate::entity::spending::{ActiveModel, Column, Entity};
use crate::error::StorageError;

const TABLE: &str = "spending";
/// Rows in one statement; SQLite takes 32,766 values (`SQLITE_MAX_VARIABLE_NUMBER`), `PostgreSQL` 65,535.
const CHUNK: usize = 1_000;

/// What one holder used in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// On the day asked for.
    pub today: Amounts,
    /// From the first of its month until that day.
    pub this_month: Amounts,
}

/// Adds amounts to what is there.
pub async fn add<'a>(
    connection: &impl ConnectionTrait,
    amounts: impl IntoIterator<Item = (&'a (Day, HolderId), &'a Amounts)>,
) -> Result<(), StorageError> {
    let mut rows: Vec<_> =
        amounts.into_iter().map(|((day, holder), amounts)| (day, holder.to_string(), amounts)).collect();
    // Writers that lock rows in the same order cannot wait for each other in a circle.
    rows.sort_unstable_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
    for chunk in rows.chunks(CHUNK) {
        let sum = |column: Column, excluded: &'static str| {
            (column, Expr::col((Entity, column)).add(Expr::cust(excluded)))
        };
        let add = OnConflict::columns([Column::Day, Column::Holder])
            .values([
                sum(Column::Requests, "excluded.requests"),
                sum(Column::Tokens, "excluded.tokens"),
                sum(Column::CostNanousd, "excluded.cost_nanousd"),
            ])
            .to_owned();
        let rows = chunk.iter().map(|(day, holder, amounts)| ActiveModel {
            day: Set(day.0),
            holder: Set(holder.clone()),
            requests: Set(count(amounts.requests)),
            tokens: Set(count(amounts.tokens)),
            cost_nanousd: Set(amounts.cost.0),
        });
        Entity::insert_many(rows).on_conflict(add).exec_without_returning(connection).await?;
    }
    Ok(())
}

/// What everybody used on `day`, and in its month until then.
pub async fn list_month(
    connection: &impl ConnectionTrait,
    day: Day,
) -> Result<HashMap<HolderId, Spent>, StorageError> {
    let mut spent: HashMap<HolderId, Spent> = HashMap::new();
    let first = day.month().first_day();
    for row in sums(connection, first, day).await? {
        spent.entry(row.holder()?).or_default().this_month = row.amounts()?;
    }
    for row in sums(connection, day, day).await? {
        spent.entry(row.holder()?).or_default().today = row.amounts()?;
    }
    Ok(spent)
}

/// Removes what was used before `day`; tells how many rows that were.
pub async fn delete_before(connection: &impl ConnectionTrait, day: Day) -> Result<u64, StorageError> {
    let deleted = Entity::delete_many().filter(Column::Day.lt(day.0)).exec(connection).await?;
    Ok(deleted.rows_affected)
}

#[derive(FromQueryResult)]
struct Sum {
    holder: String,
    requests: i64,
    tokens: i64,
    cost_nanousd: i64,
}

async fn sums(connection: &impl ConnectionTrait, from: Day, to: Day) -> Result<Vec<Sum>, StorageError> {
    // PostgreSQL's sums of bigint are numeric.
    let sum = |column: Column| Expr::col(column).sum().cast_as("bigint");
    let query = Entity::find()
        .select_only()
        .column(Column::Holder)
        .column_as(sum(Column::Requests), "requests")
        .column_as(sum(Column::Tokens), "tokens")
        .column_as(sum(Column::CostNanousd), "cost_nanousd")
        .filter(Column::Day.between(from.0, to.0))
        .group_by(Column::Holder);
    Ok(query.into_model::<Sum>().all(connection).await?)
}

impl Sum {
    fn holder(&self) -> Result<HolderId, StorageError> {
        self.holder.parse().map_err(|_| StorageError::corrupt(TABLE, "holder", &self.holder))
    }

    fn amounts(&self) -> Result<Amounts, StorageError> {
        let count = |number: i64, column| {
            u64::try_from(number).map_err(|_| StorageError::corrupt(TABLE, column, &self.holder))
        };
        Ok(Amounts {
            requests: count(self.requests, "requests")?,
            tokens: count(self.tokens, "tokens")?,
            cost: NanoUsd(self.cost_nanousd),
        })
    }
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
