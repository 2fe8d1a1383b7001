//! The numbers by which the log calls what a record names.

use roundhouse_domain::{AttemptRecord, Outcome, RequestRecord};

use crate::database::Database;
use crate::dimensions::{Kind, Maps, Unknown};
use crate::error::StorageError;

/// Names of a record as numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub(crate) user: i32,
    pub(crate) group: i32,
    pub(crate) access_key: i32,
    pub(crate) model: i32,
    pub(crate) operation: i32,
    /// Provider and key of the last attempt.
    pub(crate) last: (i32, i32),
    /// Provider and key of the attempts before it.
    pub(crate) before: Vec<(i32, i32)>,
}

/// Numbers of all `records`, in their order; new names are given theirs.
pub(crate) async fn of(database: &Database, records: &[RequestRecord]) -> Result<Vec<Numbers>, StorageError> {
    loop {
        let mut missing = Vec::new();
        let mut all = Vec::with_capacity(records.len());
        {
            let known = database.dimensions().lock();
            for record in records {
                match Numbers::read(&known, record) {
                    Ok(numbers) => all.push(numbers),
                    Err(unknown) if missing.contains(&unknown) => {}
                    Err(unknown) => missing.push(unknown),
                }
            }
        }
        if missing.is_empty() {
            return Ok(all);
        }
        database.dimensions().learn(database.writer(), missing).await?;
    }
}

impl Numbers {
    fn read(known: &Maps, record: &RequestRecord) -> Result<Self, Unknown> {
        let attempt = |attempt: &AttemptRecord| {
            Ok((known.text(Kind::Provider, &attempt.provider)?, known.key(attempt.key_hash)?))
        };
        let (last, before) = match record.attempts.split_last() {
            Some((last, before)) => (attempt(last)?, before),
            None => ((0, 0), &[][..]),
        };
        Ok(Self {
            user: known.user(record.user_id)?,
            group: known.text(Kind::Group, record.group.as_deref().unwrap_or_default())?,
            access_key: known.text(Kind::AccessKey, &record.access_key)?,
            model: known.text(Kind::Model, &record.model)?,
            operation: known.text(Kind::Operation, &record.operation)?,
            last,
            before: before.iter().map(attempt).collect::<Result<_, _>>()?,
        })
    }

    /// Provider and key of each attempt.
    pub(crate) fn attempts(&self) -> impl Iterator<Item = (i32, i32)> {
        self.before.iter().copied().chain([self.last])
    }
}

/// A text's place among all, for looking it up without an index of texts: the first bits of its hash, and never zero.
pub(crate) fn hash(text: &str) -> i32 {
    if text.is_empty() {
        return 0;
    }
    let hash = blake3::hash(text.as_bytes());
    let [a, b, c, d, ..] = *hash.as_bytes();
    (i32::from_be_bytes([a, b, c, d]) & i32::MAX).max(1)
}

/// The number of an outcome.
pub(crate) const fn of_outcome(outcome: Outcome) -> i16 {
    match outcome {
        Outcome::Ok => 0,
        Outcome::CallerFault => 1,
        Outcome::Failed => 2,
        Outcome::Broken => 3,
        Outcome::Cancelled => 4,
    }
}

/// Reads what [`of_outcome`] writes.
pub(crate) const fn outcome(number: i16) -> Option<Outcome> {
    Some(match number {
        0 => Outcome::Ok,
        1 => Outcome::CallerFault,
        2 => Outcome::Failed,
        3 => Outcome::Broken,
        4 => Outcome::Cancelled,
        _ => return None,
    })
}
