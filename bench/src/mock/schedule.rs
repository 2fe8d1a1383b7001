//! When each stream's next event is due.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::os::fd::RawFd;
use std::time::Duration;

/// A stream: its file descriptor, and the connection's number in case the descriptor is used again.
type Stream = (RawFd, u64);

/// When an event is due.
#[derive(Clone, Copy, Debug)]
pub(super) enum Due {
    /// In the next turn, whenever it is.
    NextTurn,
    /// At a time of the monotonic clock.
    At(u64),
}

/// Streams with an event to come: those without a pace in turn, the others by time.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    unpaced: VecDeque<Stream>,
    paced: BinaryHeap<Reverse<(u64, Stream)>>,
}

impl Schedule {
    /// Plans an event.
    pub(super) fn push(&mut self, due: Due, stream: Stream) {
        match due {
            Due::At(due_ns) => self.paced.push(Reverse((due_ns, stream))),
            Due::NextTurn => self.unpaced.push_back(stream),
        }
    }

    /// How long there is nothing to do; absent when nothing is planned.
    pub(super) fn timeout(&self, now_ns: u64) -> Option<Duration> {
        if !self.unpaced.is_empty() {
            return Some(Duration::ZERO);
        }
        self.paced.peek().map(|Reverse((due_ns, _))| Duration::from_nanos(due_ns.saturating_sub(now_ns)))
    }

    /// Moves what is due into this turn and gives the turn's length.
    pub(super) fn due(&mut self, now_ns: u64) -> u64 {
        while let Some(&Reverse((due_ns, stream))) = self.paced.peek() {
            if due_ns > now_ns {
                break;
            }
            self.paced.pop();
            self.unpaced.push_back(stream);
        }
        self.unpaced.len() as u64
    }

    /// The next stream of this turn.
    pub(super) fn next(&mut self) -> Option<Stream> {
        self.unpaced.pop_front()
    }
}
