//! What requests come to: sums by minute, hour and day, written together with the requests, so that they are always exact.
//!
//! There are two cubes, since all of their dimensions together would be as large as the log itself: one by who asked for what
//! and who answered, and one by provider key. Minutes, hours and days are those of UTC, and of a request's arrival.

mod counts;
mod list;
pub(crate) mod postgres;
pub(crate) mod sqlite;
mod sums;
mod tally;

use roundhouse_domain::Timestamp;
use sea_orm::{ConnectionTrait, Statement};

pub(crate) use self::counts::counter_columns;
pub use self::counts::{Counts, LATENCY_BUCKETS_MS};
pub(crate) use self::list::KEY;
pub use self::list::{Dimension, Line, Query, list};
pub use self::sums::{Spent, Subject, sums};
pub(crate) use self::tally::Tally;
use crate::error::StorageError;

/// Lengths of time that sums are kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i16)]
pub enum Grain {
    /// A minute.
    Minute = 0,
    /// An hour.
    Hour = 1,
    /// A day.
    Day = 2,
}

impl Grain {
    /// All of them, shortest first.
    pub const ALL: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    /// How long it is, in milliseconds.
    pub const fn millis(self) -> i64 {
        match self {
            Self::Minute => 60_000,
            Self::Hour => 3_600_000,
            Self::Day => 86_400_000,
        }
    }

    /// The beginning of the one that `time` is in.
    pub const fn floor(self, time: Timestamp) -> Timestamp {
        let millis = time.as_millis();
        Timestamp::from_millis(millis - millis.rem_euclid(self.millis()))
    }
}

/// Which dimensions a line of the roll-up has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i16)]
pub(crate) enum Cube {
    /// User, group, access key, model and provider.
    Callers = 0,
    /// Model, provider and provider key.
    Keys = 1,
}

const CUBES: [Cube; 2] = [Cube::Callers, Cube::Keys];

/// Removes sums of `grain` that are older than `time`, the oldest first, `max_rows` at the most; tells how many lines.
pub async fn delete_before(
    connection: &impl ConnectionTrait,
    grain: Grain,
    time: Timestamp,
    max_rows: u64,
) -> Result<u64, StorageError> {
    let key = list::KEY.join(", ");
    let mut deleted = 0;
    for cube in CUBES {
        let text = format!(
            "DELETE FROM usage WHERE ({key}) IN \
             (SELECT {key} FROM usage WHERE cube = {} AND grain = {} AND at < {} ORDER BY {key} LIMIT {})",
            cube as i16,
            grain as i16,
            time.as_millis(),
            max_rows - deleted
        );
        deleted += connection.execute_raw(statement(connection, text)).await?.rows_affected();
    }
    Ok(deleted)
}

/// A statement that holds nothing but our own words and whole numbers.
fn statement(connection: &impl ConnectionTrait, text: String) -> Statement {
    Statement::from_string(connection.get_database_backend(), text)
}

/// The columns of a line, in parentheses.
fn columns() -> String {
    let names: Vec<String> =
        list::KEY.iter().map(|name| (*name).to_owned()).chain(counter_columns()).collect();
    format!("({})", names.join(", "))
}

/// What makes of an insertion an addition.
fn on_conflict() -> String {
    let sums: Vec<String> =
        counter_columns().map(|name| format!("{name} = usage.{name} + excluded.{name}")).collect();
    format!("ON CONFLICT ({}) DO UPDATE SET {}", list::KEY.join(", "), sums.join(", "))
}
