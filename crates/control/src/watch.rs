//! Noticing changed files.
//!
//! Files are looked at twice a second rather than watched through the kernel: that works on every file system and through the
//! symbolic links that container platforms swap.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use tokio_util::sync::CancellationToken;

use crate::control::Control;

/// How often files are looked at; a change is in force within two seconds.
const EVERY: Duration = Duration::from_millis(500);

/// What tells one version of a file from another.
type Look = Vec<(PathBuf, Option<(SystemTime, u64)>)>;

impl Control {
    /// Reloads the configuration whenever one of its files changes.
    pub async fn run_watch(self, shutdown: CancellationToken) {
        let mut before = look(&self.config().watched);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            let now = look(&self.config().watched);
            if now != before {
                // Problems are noted in the status, the log and the metrics; the files may be mended any time.
                let applied = self.reload().await.is_ok();
                tracing::info!(applied, "configuration files changed");
                // Looked at again only where the list of files changed: a change during the reload must be seen next time.
                let files = self.config().watched.clone();
                before = if now.iter().map(|(path, _)| path).eq(files.iter()) { now } else { look(&files) };
            }
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
