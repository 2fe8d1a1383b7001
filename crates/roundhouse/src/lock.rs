//! Who uses a data folder: servers share it, and what replaces its contents wants it alone.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::failure::Failure;

const NAME: &str = "roundhouse.lock";

/// Holds a data folder until it is dropped, or the process ends however it does.
pub struct Lock(#[allow(dead_code, reason = "held, not read")] File);

impl Lock {
    /// For a server: any number of them may hold it.
    pub fn shared(folder: &Path) -> Result<Self, Failure> {
        Self::take(
            folder,
            File::try_lock_shared,
            "is being restored, or its key replaced: start again when that is done",
        )
    }

    /// For what no server may see half done.
    pub fn alone(folder: &Path) -> Result<Self, Failure> {
        Self::take(folder, File::try_lock, "is used by a server: stop it first")
    }

    fn take(
        folder: &Path,
        lock: impl FnOnce(&File) -> Result<(), TryLockError>,
        held: &str,
    ) -> Result<Self, Failure> {
        let shown = folder.display();
        let unusable = |error: std::io::Error| {
            Failure::new(format!("cannot use the data folder {shown}: {error}; choose another with --data"))
        };
        std::fs::create_dir_all(folder).map_err(unusable)?;
        let path = folder.join(NAME);
        let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
        let file = file.map_err(unusable)?;
        match lock(&file) {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(Failure::new(format!("the data folder {shown} {held}"))),
            // Some network file systems know no locks: a server must run there all the same.
            Err(TryLockError::Error(error)) => {
                tracing::warn!(%error, folder = %shown, "the data folder cannot be locked");
                Ok(Self(file))
            }
        }
    }
}
