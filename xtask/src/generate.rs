//! Files that are made from the code. They are committed, so that readers find them, and checked, so that they stay true.

use std::io;
use std::path::{Path, PathBuf};

use crate::licences;

/// A generated file: where it is, from the repository's root, and how its text is made.
struct Generated {
    path: &'static str,
    text: fn() -> io::Result<String>,
}

/// Every generated file.
const FILES: &[Generated] = &[
    Generated { path: "docs/configuration.md", text: || Ok(roundhouse_config::reference()) },
    Generated {
        path: "docs/roundhouse.schema.json",
        text: || Ok(format!("{:#}\n", roundhouse_config::schema())),
    },
    Generated { path: "docs/openapi.json", text: openapi },
    Generated { path: "crates/http/src/api/about/licences.json", text: licences::list },
];

/// Writes every generated file that is not up to date.
pub(crate) fn write() -> io::Result<()> {
    for (file, text) in outdated()? {
        let path = root().join(file.path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}

/// Fails when a generated file is not up to date.
pub(crate) fn check() -> io::Result<()> {
    let paths: Vec<&str> = outdated()?.iter().map(|(file, _)| file.path).collect();
    if paths.is_empty() {
        return Ok(());
    }
    let verb = if paths.len() == 1 { "is" } else { "are" };
    Err(io::Error::other(format!("{} {verb} not up to date; run `cargo xtask generate`", paths.join(", "))))
}

/// Files that are not up to date, with what they are to say.
fn outdated() -> io::Result<Vec<(&'static Generated, String)>> {
    let mut outdated = Vec::new();
    for file in FILES {
        let found = match std::fs::read_to_string(root().join(file.path)) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let text = (file.text)()?;
        if found.is_none_or(|found| found != text) {
            outdated.push((file, text));
        }
    }
    Ok(outdated)
}

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn openapi() -> io::Result<String> {
    Ok(roundhouse_http::openapi::document().to_pretty_json()? + "\n")
}
