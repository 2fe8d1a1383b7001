//! A folder with a configuration file, and an environment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use roundhouse_config::{Config, Flags, Problems, Sources, load};
use tempfile::TempDir;

/// What a configuration is loaded from; nothing of the machine's own environment.
pub(crate) struct Setup {
    folder: TempDir,
    pub(crate) sources: Sources,
}

impl Setup {
    pub(crate) fn new(yaml: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("roundhouse.yaml");
        std::fs::write(&file, yaml).unwrap();
        let sources = Sources { file: Some(file), environment: BTreeMap::new(), flags: Flags::default() };
        Self { folder, sources }
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.sources.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.path(name), text).unwrap();
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn try_load(&self) -> Result<Config, Problems> {
        load(&self.sources)
    }

    pub(crate) fn load(&self) -> Config {
        self.try_load().unwrap_or_else(|problems| panic!("{problems}"))
    }

    /// The text of every problem, without the folder's changing name.
    pub(crate) fn problems(&self) -> Vec<String> {
        let problems = self.try_load().err().map_or_else(String::new, |problems| problems.to_string());
        let folder = format!("{}/", self.folder().display());
        problems.lines().map(|line| line.replace(&folder, "")).collect()
    }

    /// The text of every warning, without the folder's changing name.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let folder = format!("{}/", self.folder().display());
        self.load().warnings.iter().map(|warning| warning.replace(&folder, "")).collect()
    }
}

pub(crate) fn problems(yaml: &str) -> Vec<String> {
    Setup::new(yaml).problems()
}
