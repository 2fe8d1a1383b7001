//! Roundhouse as people run it: authentication, routing, limits, metering and metrics on, SQLite behind it.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{fs, io};

use super::{Place, pinned};
use crate::models;
use crate::request::ACCESS_KEY;

/// The provider keys in the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// One.
    One,
    /// So many that work.
    Good(usize),
    /// So many, of which the upstream accepts only the last.
    LastGood(usize),
}

/// What is counted and written down of each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Metering {
    /// Limits on rate and concurrency, and the ledger: the ordinary one.
    Usual,
    /// No limits; of the records only the last is written, every half second.
    Nothing,
    /// No limits; every request is written down and summed up.
    Ledger,
    /// Every limit and budget that there is, with prices, and the ledger.
    Budgets,
}

impl Metering {
    fn limits(self) -> &'static str {
        match self {
            Self::Usual => "{ requests_per_minute: 100000000, concurrent: 100000 }",
            Self::Nothing | Self::Ledger => "{}",
            Self::Budgets => {
                "{ requests_per_minute: 100000000, requests_per_day: 1000000000, tokens_per_minute: 100000000000,
        tokens_per_day: 1000000000000, tokens_per_month: 1000000000000, concurrent: 100000, usd_per_day: 1000000,
        usd_per_month: 1000000 }"
            }
        }
    }

    fn settings(self) -> &'static str {
        match self {
            Self::Usual | Self::Ledger => "",
            Self::Nothing => "requests: { max_queued_records: 1, max_spool_bytes: 0 }\n",
            Self::Budgets => "catalogue: [{ match: mock, prices: { input: 1, output: 3 } }]\n",
        }
    }
}

pub(super) fn command(place: &Place<'_>) -> io::Result<Command> {
    let data = place.folder.join("data");
    fs::create_dir_all(&data)?;
    let config = place.folder.join("roundhouse.yaml");
    fs::write(&config, configuration(place)?)?;
    let mut command = pinned(place.core, place.roundhouse);
    command.arg("serve").arg("--config").arg(config).arg("--data").arg(data);
    // The settings above and nothing that this shell happens to export.
    command
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", place.folder)
        .env("LOG_LEVEL", "warn");
    Ok(command)
}

fn configuration(place: &Place<'_>) -> io::Result<String> {
    let Place { folder, address, upstream, keys, metering, .. } = place;
    let keys = keys_setting(folder, *keys)?;
    let mut models_setting = String::new();
    for model in models::ALL {
        let _ = write!(models_setting, "\n      - {{ name: {}, as: {} }}", model.upstream(), model.public());
    }
    Ok(format!(
        "server: {{ listen: \"{address}\" }}
database: {{ url: \"sqlite://{database}\" }}
providers:
  - name: mock
    kind: openai-compatible
    base_url: http://{upstream}/v1
    {keys}
    models:{models_setting}
access_keys:
  - name: bench
    key: {ACCESS_KEY}
    models: [all]
    limits: {limits}
{settings}",
        limits = metering.limits(),
        settings = metering.settings(),
        database = folder.join("data/roundhouse.db").display(),
    ))
}

fn keys_setting(folder: &Path, keys: Keys) -> io::Result<String> {
    let (count, good) = match keys {
        Keys::One => return Ok("keys: [sk-mock-0123456789abcdef0123456789abcdef]".to_owned()),
        Keys::Good(count) => (count, 0),
        Keys::LastGood(count) => (count, count - 1),
    };
    let mut lines = String::with_capacity(count * 48);
    for index in 0..count {
        let kind = if index < good { "bad" } else { "sk" };
        let _ = writeln!(lines, "{kind}-mock-{index:08}-0123456789abcdef0123456789ab");
    }
    let file = folder.join("keys.txt");
    fs::write(&file, lines)?;
    Ok(format!("keys_file: {}", file.display()))
}
