//! Noticing changed files.
//!
//! Files are looked at four times a second rather than watched through the kernel: that works on every file system and through the
//! symbolic links that container platforms swap.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use tokio_util::sync::CancellationToken;

use crate::control::Control;

/// How often files are looked at; a change is in force within two seconds.
const EVERY: Duration = Duration::from_millis(250);

/// Looks that a file may go on changing before it is read as it is.
const MOST_RESTLESS: u32 = 4;

/// What tells one version of a file from another.
type Look = Vec<(PathBuf, Option<(SystemTime, u64)>)>;

impl Control {
    /// Reloads the configuration whenever one of its files changes.
    pub async fn run_watch(self, shutdown: CancellationToken) {
        let mut watch = Watch::new(look(&self.config().watched));
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            if watch.has_changed(look(&self.config().watched)) {
                // Problems are noted in the status, the log and the metrics; the files may be mended any time.
                let applied = self.reload().await.is_ok();
                tracing::info!(applied, "configuration files changed");
                watch.follow(&self.config().watched);
            }
        }
    }
}

/// Tells when files have changed and come to rest: one that is written in place is empty or half for a moment, and a list of
/// keys that is read then would lose the rest of them.
#[derive(Debug)]
struct Watch {
    read: Look,
    last: Look,
    restless: u32,
}

impl Watch {
    fn new(look: Look) -> Self {
        Self { read: look.clone(), last: look, restless: 0 }
    }

    /// Whether `now` is to be read: it differs from what was read, and two looks agree on it, or it never rests.
    fn has_changed(&mut self, now: Look) -> bool {
        if now == self.read {
            self.restless = 0;
            self.last = now;
            return false;
        }
        self.restless += 1;
        let is_at_rest = now == self.last && self.restless > 1;
        self.last = now;
        if is_at_rest || self.restless > MOST_RESTLESS {
            self.restless = 0;
            self.read.clone_from(&self.last);
            return true;
        }
        false
    }

    /// Looks again only where the list of files changed: a change during the reload must be seen next time.
    fn follow(&mut self, files: &[PathBuf]) {
        if !self.read.iter().map(|(path, _)| path).eq(files) {
            *self = Self::new(look(files));
        }
    }
}

fn look(files: &[PathBuf]) -> Look {
    let version = |path: &PathBuf| {
        let metadata = std::fs::metadata(path).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    };
    files.iter().map(|path| (path.clone(), version(path))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(bytes: u64) -> Look {
        vec![(PathBuf::from("keys.txt"), Some((SystemTime::UNIX_EPOCH, bytes)))]
    }

    #[test]
    fn a_file_is_read_when_two_looks_agree_on_it() {
        let mut watch = Watch::new(version(10));
        let read = [10, 0, 7, 12, 12, 12].map(|bytes| watch.has_changed(version(bytes)));
        assert_eq!(read, [false, false, false, false, true, false]);
    }

    #[test]
    fn a_file_that_never_rests_is_read_all_the_same() {
        let mut watch = Watch::new(version(0));
        let read = (1..=10).map(|bytes| watch.has_changed(version(bytes))).filter(|read| *read).count();
        assert_eq!(read, 2);
    }

    #[test]
    fn a_file_that_is_as_before_is_not_read() {
        let mut watch = Watch::new(version(10));
        assert_eq!([0, 10, 10].map(|bytes| watch.has_changed(version(bytes))), [false, false, false]);
    }
}
