//! The master key in a file.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::SealingError;

const NAME: &str = "encryption.key";
/// Where the next key waits until everything is sealed under it.
const DRAFT: &str = "encryption.key.next";
const KEY_BYTES: usize = 32;

/// Reads the key's file in `folder`; makes it first where there is none.
pub(super) fn load_or_create(folder: &Path) -> Result<Zeroizing<[u8; KEY_BYTES]>, SealingError> {
    let path = folder.join(NAME);
    let failed = |source| SealingError::File { path: path.clone(), source };
    match fs::metadata(&path) {
        Ok(found) if found.permissions().mode() & 0o077 != 0 => return Err(SealingError::Exposed { path }),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(&path, folder).map_err(failed)?,
        Err(error) => return Err(failed(error)),
    }
    let text = Zeroizing::new(fs::read_to_string(&path).map_err(failed)?);
    parse(text.trim()).ok_or(SealingError::Malformed { path })
}

/// Makes the next key, and keeps it beside the one in use.
pub(super) fn draft(folder: &Path) -> Result<Zeroizing<[u8; KEY_BYTES]>, SealingError> {
    let path = folder.join(DRAFT);
    let failed = |source| SealingError::File { path: path.clone(), source };
    let bytes = fresh().map_err(failed)?;
    match fs::remove_file(&path) {
        // One that nothing was sealed under.
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    write(&path, &bytes).and_then(|()| fs::File::open(folder)?.sync_all()).map_err(failed)?;
    Ok(bytes)
}

/// The next key, where there is one.
pub(super) fn drafted(folder: &Path) -> Result<Option<Zeroizing<[u8; KEY_BYTES]>>, SealingError> {
    let path = folder.join(DRAFT);
    match fs::read_to_string(&path).map(Zeroizing::new) {
        Ok(text) => Ok(parse(text.trim())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(SealingError::File { path, source }),
    }
}

/// Puts the next key in the place of the one in use, which keeps a name of its own; returns that.
pub(super) fn promote_draft(folder: &Path) -> Result<PathBuf, SealingError> {
    let path = folder.join(NAME);
    let failed = |source| SealingError::File { path: path.clone(), source };
    let old = fs::read(&path).map(Zeroizing::new).map_err(failed)?;
    let mark = blake3::hash(&old).to_hex();
    let aside = folder.join(format!("{NAME}.old-{}", &mark[..8]));
    match fs::hard_link(&path, &aside) {
        // It was cut off here before.
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(failed(error)),
        _ => {}
    }
    fs::rename(folder.join(DRAFT), &path)
        .and_then(|()| fs::File::open(folder)?.sync_all())
        .map_err(failed)?;
    Ok(aside)
}

/// Writes a fresh key under another name, and gives it its own only when it is whole and on the disk; of several
/// processes that do so at the same time, the first wins.
fn create(path: &Path, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let bytes = fresh()?;
    let mut suffix = [0; 8];
    getrandom::fill(&mut suffix).map_err(io::Error::other)?;
    let draft = folder.join(format!(".{NAME}.{:016x}", u64::from_be_bytes(suffix)));
    let written = write(&draft, &bytes).and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    });
    fs::remove_file(&draft)?;
    written?;
    fs::File::open(folder)?.sync_all()
}

fn fresh() -> io::Result<Zeroizing<[u8; KEY_BYTES]>> {
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    getrandom::fill(&mut *bytes).map_err(io::Error::other)?;
    Ok(bytes)
}

fn write(path: &Path, bytes: &[u8; KEY_BYTES]) -> io::Result<()> {
    let mut text = Zeroizing::new(String::with_capacity(2 * KEY_BYTES + 1));
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    text.push('\n');
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn parse(text: &str) -> Option<Zeroizing<[u8; KEY_BYTES]>> {
    if text.len() != 2 * KEY_BYTES {
        return None;
    }
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16);
        *byte = u8::try_from(digit(0)? << 4 | digit(1)?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_only_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let first = load_or_create(folder.path()).unwrap();
        assert_eq!(*load_or_create(folder.path()).unwrap(), *first);
        let mode = fs::metadata(folder.path().join(NAME)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
    }

    #[test]
    fn processes_that_start_together_agree_on_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let keys: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..8).map(|_| scope.spawn(|| *load_or_create(folder.path()).unwrap())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
    }

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        load_or_create(folder.path()).unwrap();
        fs::set_permissions(folder.path().join(NAME), fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(load_or_create(folder.path()).unwrap_err().code(), "encryption_key_exposed");
    }

    #[test]
    fn a_damaged_key_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        load_or_create(folder.path()).unwrap();
        fs::write(folder.path().join(NAME), "zz").unwrap();
        assert_eq!(load_or_create(folder.path()).unwrap_err().code(), "encryption_key_malformed");
        assert_eq!(fs::read(folder.path().join(NAME)).unwrap(), b"zz");
    }

    #[test]
    fn a_file_in_place_of_the_folder_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert_eq!(load_or_create(&file).unwrap_err().code(), "encryption_key_file");
    }
}
