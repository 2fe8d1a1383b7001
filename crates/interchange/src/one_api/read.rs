//! From the database to a configuration of ours.

use serde_json::{Map, Value};

use super::channel;
use super::kinds::Flavour;
use super::options::Options;
use super::token::{self, Known, User};
use crate::configuration::Imported;
use crate::dsn::Dsn;
use crate::error::ReadError;
use crate::fields::{text, truth, whole};
use crate::names::Names;
use crate::note::Notes;
use crate::tables;

/// The tables that are looked at: texts by column.
#[derive(Clone, Debug)]
pub struct Tables {
    channels: Vec<Map<String, Value>>,
    tokens: Vec<Map<String, Value>>,
    users: Vec<Map<String, Value>>,
    options: Vec<Map<String, Value>>,
    flavour: Flavour,
}

/// What is being read.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) imported: Imported,
    pub(super) notes: Notes,
    pub(super) names: Names,
}

/// Reads the tables of a One API or New API; columns tell which of the two it is.
pub async fn read_database(dsn: &Dsn) -> Result<Tables, ReadError> {
    let database = tables::Tables::open(dsn).await?;
    let read = read_tables(&database).await;
    database.close().await;
    read
}

async fn read_tables(database: &tables::Tables) -> Result<Tables, ReadError> {
    let columns = database.columns("channels").await?;
    let has = |name: &str| columns.iter().any(|column| column == name);
    if !["type", "key", "models"].iter().all(|name| has(name)) {
        return Err(ReadError::shape("channels", "is no table of One API or New API"));
    }
    // Columns that only New API has, each since another version.
    let is_new =
        ["tag", "channel_info", "auto_ban", "setting", "status_code_mapping"].iter().any(|name| has(name));
    Ok(Tables {
        channels: database.rows("channels").await?,
        tokens: database.rows("tokens").await?,
        users: database.rows("users").await?,
        options: database.few_rows("options").await?,
        flavour: if is_new { Flavour::NewApi } else { Flavour::OneApi },
    })
}

/// The configuration that the tables stand for.
pub fn read(tables: &Tables) -> Imported {
    let mut reading = Reading::default();
    let options = Options::new(&tables.options);
    let channels: Vec<_> =
        tables.channels.iter().filter_map(|row| channel::read(row, tables.flavour, &mut reading)).collect();
    channel::tiers(&channels, &mut reading);
    let users = tables.users.iter().filter_map(user).collect();
    let known = Known { channels: &channels, users, units: options.units_per_dollar() };
    let mut names = Names::default();
    for row in tables.tokens.iter().filter(|row| is_there(row)) {
        token::read(row, &known, &mut names, &mut reading);
    }
    options.apply(&mut reading);
    if known.users.len() > 1 {
        let message = format!(
            "accounts: {}; they are not carried over: invite people. Their tokens go on working, without the quota of the whole account",
            known.users.len()
        );
        reading.notes.warn("users", message);
    }
    let Reading { mut imported, notes, .. } = reading;
    imported.notes = notes.finish();
    imported
}

fn user(row: &Map<String, Value>) -> Option<(u64, User)> {
    let user = User {
        name: text(row, "username").unwrap_or("user").to_owned(),
        group: text(row, "group").unwrap_or("default").to_owned(),
        is_enabled: row.get("status").and_then(whole).unwrap_or(1) == 1 && is_there(row),
    };
    Some((row.get("id").and_then(whole)?, user))
}

/// False for a row that is only marked as deleted.
fn is_there(row: &Map<String, Value>) -> bool {
    text(row, "deleted_at").is_none() || row.get("deleted_at").and_then(truth) == Some(false)
}
