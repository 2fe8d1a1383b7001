//! uni-api's file, written so that it is whole at any moment, with a copy of the one before.

use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use roundhouse_domain::Timestamp;
use roundhouse_interchange::{Effective, Variables, uni_api};

use super::{Dry, Pushed};
use crate::export::ExportError;

/// Who may read the file when it is new: it holds keys.
const PRIVATE: u32 = 0o600;

/// Writes what is in force into the file; nothing is touched when it says so already.
pub(super) async fn write(
    path: &Path,
    effective: &Effective,
    now: Timestamp,
    dry: Dry,
) -> Result<Pushed, ExportError> {
    let (path, effective) = (path.to_owned(), effective.clone());
    let writing = tokio::task::spawn_blocking(move || write_now(&path, &effective, now, dry));
    writing.await.map_err(|_| ExportError::Stopped)?
}

fn write_now(path: &Path, effective: &Effective, now: Timestamp, dry: Dry) -> Result<Pushed, ExportError> {
    let failed = |path: &Path, error| ExportError::File { path: path.display().to_string(), error };
    let before = match std::fs::read(path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(path, error)),
    };
    let written = uni_api::write(effective, before.as_deref(), &Variables::default())?;
    let is_same = before.as_deref().is_some_and(|bytes| uni_api::says(bytes, &written.value));
    let mut pushed = Pushed { steps: Vec::new(), notes: written.notes };
    if is_same {
        return Ok(pushed);
    }
    if before.is_some() {
        let backup = backup(path, now);
        pushed.steps.push(format!("copy {} to {}", path.display(), backup.display()));
        if dry == Dry::No {
            std::fs::copy(path, &backup).map_err(|error| failed(&backup, error))?;
        }
    }
    pushed.steps.push(format!("write {}", path.display()));
    if dry == Dry::No {
        replace(path, written.text.as_bytes()).map_err(|error| failed(path, error))?;
    }
    Ok(pushed)
}

fn backup(path: &Path, now: Timestamp) -> PathBuf {
    let time = now.to_string().replace([':', '.'], "-");
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{name}.backup.{time}"))
}

/// Writes beside the file and then puts it in its place, with the rights that it had.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mode = std::fs::metadata(path).map_or(PRIVATE, |metadata| metadata.permissions().mode() & 0o777);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.new"));
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}
