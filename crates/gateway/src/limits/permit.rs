//! A call that was let in.

use std::sync::Arc;

use roundhouse_domain::{Amounts, Timestamp};

use super::{Holder, Refusal};
use crate::access::AccessKey;

/// A place among the open requests of all holders, with what is reserved for it; dropped, it gives both back.
#[derive(Debug)]
pub struct Permit {
    caller: Arc<AccessKey>,
    entered_at: Timestamp,
    reserved: Option<Amounts>,
    is_counted: bool,
}

impl Permit {
    /// Lets a call of `caller` in, or says which limit stands against it. Who is refused leaves no trace.
    pub fn enter(caller: Arc<AccessKey>, now: Timestamp) -> Result<Self, Refusal> {
        if let Err((at, reached)) = each(&caller.holders, |holder| holder.usage.enter(&holder.limits, now)) {
            for holder in &caller.holders[..at] {
                holder.usage.forget(&holder.limits, now);
                holder.usage.leave();
            }
            return Err(Refusal::new(&caller.holders[at], reached, now));
        }
        Ok(Self { caller, entered_at: now, reserved: None, is_counted: true })
    }

    /// Reserves what the call is expected to take. A call that is refused counts as never begun.
    pub fn reserve(&mut self, expected: Amounts, now: Timestamp) -> Result<(), Refusal> {
        let holders = &self.caller.holders;
        let reserved = each(holders, |holder| holder.usage.reserve(&holder.limits, expected, now));
        let Err((at, reached)) = reserved else {
            self.reserved = Some(expected);
            return Ok(());
        };
        for holder in &holders[..at] {
            holder.usage.release(&holder.limits, expected);
        }
        for holder in holders {
            holder.usage.forget(&holder.limits, self.entered_at);
        }
        self.is_counted = false;
        Err(Refusal::new(&holders[at], reached, now))
    }

    /// Counts what the call took, in the place of what was reserved; tells the amounts, or nothing of a call that was refused.
    pub fn settle(&mut self, mut used: Amounts, now: Timestamp) -> Option<Amounts> {
        if !std::mem::take(&mut self.is_counted) {
            return None;
        }
        used.requests = 1;
        let reserved = self.reserved.take().unwrap_or_default();
        for holder in &self.caller.holders {
            holder.usage.settle(&holder.limits, reserved, used, now);
        }
        Some(used)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let reserved = self.reserved.take();
        for holder in &self.caller.holders {
            if let Some(reserved) = reserved {
                holder.usage.release(&holder.limits, reserved);
            }
            holder.usage.leave();
        }
    }
}

/// Does `step` for each holder until one refuses; says which that is, and why.
fn each<E>(holders: &[Holder], mut step: impl FnMut(&Holder) -> Result<(), E>) -> Result<(), (usize, E)> {
    for (at, holder) in holders.iter().enumerate() {
        step(holder).map_err(|error| (at, error))?;
    }
    Ok(())
}
