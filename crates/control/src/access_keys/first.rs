//! The access key that a first start makes.

use std::io::Write;
use std::path::{Path, PathBuf};

use roundhouse_domain::{Author, Secret};
use serde_json::Map;

use super::{AccessKeyError, By, Reach};
use crate::control::Control;

/// The file that the first access key is written to.
const FIRST_KEY_FILE: &str = "first-access-key.txt";

impl Control {
    /// At the first start, when there is no access key at all, makes one named `default` and writes it to a file in the data folder
    /// that only its owner can read; returns the file.
    pub async fn ensure_first_access_key(&self) -> Result<Option<PathBuf>, AccessKeyError> {
        // Who removed the last one has been here before.
        if !self.config().declared.access_keys.is_empty() || self.version() > 0 {
            return Ok(None);
        }
        let path = self.config().data_dir.join(FIRST_KEY_FILE);
        let by = By { author: Author::system(), reach: Reach::All };
        let fresh = self.create_access_key(&by, "default", Map::new()).await?;
        write_private(&path, &fresh.credential)
            .map_err(|error| AccessKeyError::File { path: path.clone(), error })?;
        Ok(Some(path))
    }
}

fn write_private(path: &Path, secret: &Secret) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    writeln!(file, "{}", secret.expose())
}
