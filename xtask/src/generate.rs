//! Files that are made from the code. They are committed, so that readers find them, and checked, so that they stay true.

use std::io;
use std::path::{Path, PathBuf};

/// A generated file: where it is, from the repository's root, and how its text is made.
struct Generated {
    path: &'static str,
    text: fn() -> String,
}

/// Every generated file.
const FILES: &[Generated] = &[
    Generated { path: "docs/configuration.md", text: roundhouse_config::reference },
    Generated { path: "docs/roundhouse.schema.json", text: configuration_schema },
    Generated { path: "docs/openapi.json", text: openapi },
];

/// Writes every generated file that is not up to date.
pub(crate) fn write() -> io::Result<()> {
    for file in outdated()? {
        let path = root().join(file.path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, (file.text)())?;
    }
    Ok(())
}

/// Fails when a generated file is not up to date.
pub(crate) fn check() -> io::Result<()> {
    let paths: Vec<&str> = outdated()?.iter().map(|file| file.path).collect();
    if paths.is_empty() {
        return Ok(());
    }
    let verb = if paths.len() == 1 { "is" } else { "are" };
    Err(io::Error::other(format!("{} {verb} not up to date; run `cargo xtask generate`", paths.join(", "))))
}

fn outdated() -> io::Result<Vec<&'static Generated>> {
    let mut outdated = Vec::new();
    for file in FILES {
        let found = match std::fs::read_to_string(root().join(file.path)) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if found.is_none_or(|text| text != (file.text)()) {
            outdated.push(file);
        }
    }
    Ok(outdated)
}

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn configuration_schema() -> String {
    format!("{:#}\n", roundhouse_config::schema())
}

fn openapi() -> String {
    roundhouse_http::openapi::document()
        .to_pretty_json()
        .map_or_else(|error| error.to_string(), |text| text + "\n")
}
