//! The size of the binary.

use std::path::Path;
use std::process::Command;
use std::{fs, io};

use crate::load::count;
use crate::rows::Bench;
use crate::table::{Section, Target, Unit};

/// Measures it, stripped where `strip` is at hand.
pub(crate) fn measure(bench: &Bench) -> Section {
    let bytes = bench.stage.options.roundhouse().and_then(|binary| stripped_bytes(&binary));
    let text = bytes.as_ref().map_or_else(ToString::to_string, |bytes| Unit::Megabytes.text(count(*bytes)));
    let value = bytes.ok().map(count);
    Section {
        title: "Binary",
        about: "The release binary without symbols, the web interface inside.".to_owned(),
        columns: vec![String::new(), "Roundhouse".to_owned()],
        rows: vec![vec!["stripped binary".to_owned(), text]],
        notes: Vec::new(),
        targets: vec![Target::at_most("Stripped binary", 60e6, value, |it| Unit::Megabytes.text(it))],
    }
}

fn stripped_bytes(binary: &Path) -> io::Result<u64> {
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("stripped");
    let stripped = Command::new("strip").arg("-o").arg(&copy).arg(binary).status();
    let path = if stripped.is_ok_and(|status| status.success()) { &copy } else { binary };
    Ok(fs::metadata(path)?.len())
}
