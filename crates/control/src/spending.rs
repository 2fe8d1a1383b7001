//! What holders of limits use, on its way into storage, and back from there at start.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicI32, Ordering};

use parking_lot::Mutex;
use roundhouse_domain::{Amounts, Charge, Day, HolderId};
use roundhouse_storage::{Database, StorageError, spending};

use crate::control::Control;

/// Days that stay in storage: this month, the one before, and some more for whoever compares.
const KEPT_DAYS: i32 = 92;

/// Amounts that are not written yet: sums, so that they are bounded by the number of holders.
#[derive(Default)]
pub(crate) struct Spending {
    waiting: Mutex<HashMap<(Day, HolderId), Amounts>>,
    /// The day on which old days were removed last.
    cleaned: AtomicI32,
}

impl Spending {
    /// Adds what a call took.
    pub(crate) fn note(&self, charge: &Charge) {
        let mut waiting = self.waiting.lock();
        for holder in charge.holders.iter() {
            add(&mut waiting, (charge.day, holder.clone()), charge.amounts);
        }
    }

    /// Writes all that waits; what cannot be written waits on.
    pub(crate) async fn flush(&self, database: &Database) -> Result<(), StorageError> {
        let batch = std::mem::take(&mut *self.waiting.lock());
        let Some(today) = batch.keys().map(|(day, _)| *day).max() else { return Ok(()) };
        let written = self.write(database, &batch, today).await;
        if written.is_err() {
            let mut waiting = self.waiting.lock();
            for (key, amounts) in batch {
                add(&mut waiting, key, amounts);
            }
        }
        written
    }

    async fn write(
        &self,
        database: &Database,
        batch: &HashMap<(Day, HolderId), Amounts>,
        today: Day,
    ) -> Result<(), StorageError> {
        let transaction = database.write().await?;
        spending::add(&transaction, batch).await?;
        if self.cleaned.load(Ordering::Relaxed) < today.0 {
            spending::delete_before(&transaction, today.before(KEPT_DAYS)).await?;
        }
        transaction.commit().await?;
        self.cleaned.store(today.0, Ordering::Relaxed);
        Ok(())
    }
}

fn add(waiting: &mut HashMap<(Day, HolderId), Amounts>, key: (Day, HolderId), amounts: Amounts) {
    match waiting.entry(key) {
        Entry::Occupied(mut sum) => *sum.get_mut() = sum.get().plus(amounts),
        Entry::Vacant(place) => drop(place.insert(amounts)),
    }
}

impl Control {
    /// Gives the data plane what was used today and this month before this process began: budgets go on where they were.
    ///
    /// # Errors
    /// When storage cannot be read.
    pub async fn restore_spending(&self) -> Result<(), StorageError> {
        let today = Day::of(self.now());
        let spent = spending::list_month(self.database().reader(), today).await?;
        for (holder, spent) in spent {
            self.gateway().usages().restore(&holder, today, spent.today, spent.this_month);
        }
        Ok(())
    }
}
