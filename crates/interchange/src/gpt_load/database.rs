//! gpt-load's database: SQLite, `MySQL` or `PostgreSQL`, also of versions that lack some columns.

use std::collections::BTreeMap;

use roundhouse_domain::Secret;

use super::cipher::{Cipher, Stored};
use super::raw::{Gateway, Group, Key, Link};
use crate::dsn::Dsn;
use crate::error::ReadError;
use crate::fields::text;
use crate::note::Notes;
use crate::tables::{Row, Tables};

/// Reads a whole gpt-load; its `ENCRYPTION_KEY` is needed when it ran with one.
pub async fn read_database(
    dsn: &Dsn,
    encryption_key: Option<&Secret>,
    notes: &mut Notes,
) -> Result<Gateway, ReadError> {
    let tables = Tables::open(dsn).await?;
    let read = read_tables(&tables, encryption_key, notes).await;
    tables.close().await;
    read
}

async fn read_tables(
    tables: &Tables,
    encryption_key: Option<&Secret>,
    notes: &mut Notes,
) -> Result<Gateway, ReadError> {
    for (table, needed) in [("groups", "upstreams"), ("api_keys", "key_value")] {
        if !tables.columns(table).await?.iter().any(|column| column == needed) {
            return Err(ReadError::shape(table, "is no table of gpt-load"));
        }
    }
    let groups = tables.rows("groups").await?;
    let links = tables.rows("group_sub_groups").await?;
    let keys = tables.rows("api_keys").await?;
    let settings = tables.rows("system_settings").await?;
    let keys = decrypted(keys, encryption_key, notes).await?;
    Ok(Gateway {
        groups: groups.iter().filter_map(Group::from_fields).collect(),
        links: links.iter().filter_map(Link::from_fields).collect(),
        keys,
        settings: settings.iter().filter_map(setting).collect::<BTreeMap<_, _>>(),
    })
}

/// Deriving the key and opening a hundred thousand keys takes a while, so it leaves the threads that serve.
async fn decrypted(
    rows: Vec<Row>,
    encryption_key: Option<&Secret>,
    notes: &mut Notes,
) -> Result<Vec<Key>, ReadError> {
    let encryption_key = encryption_key.cloned();
    let opened = tokio::task::spawn_blocking(move || open_all(&rows, encryption_key.as_ref())).await;
    let (keys, unreadable) = opened.map_err(|error| ReadError::Database(error.to_string()))??;
    if unreadable > 0 {
        let message = format!("keys that the encryption key does not open: {unreadable}; they are left out");
        notes.skip("api_keys", message);
    }
    Ok(keys)
}

fn open_all(rows: &[Row], encryption_key: Option<&Secret>) -> Result<(Vec<Key>, usize), ReadError> {
    let cipher = Cipher::new(encryption_key)?;
    let stored: Vec<Stored<'_>> = rows
        .iter()
        .map(|row| Stored {
            value: text(row, "key_value").unwrap_or_default(),
            hash: text(row, "key_hash").unwrap_or_default(),
        })
        .collect();
    cipher.check(&stored)?;
    let mut unreadable = 0;
    let mut keys = Vec::with_capacity(rows.len());
    for (row, stored) in rows.iter().zip(&stored).filter(|(_, stored)| !stored.value.is_empty()) {
        match cipher.open(stored) {
            Some(value) => keys.extend(Key::from_fields(row, value)),
            None => unreadable += 1,
        }
    }
    Ok((keys, unreadable))
}

fn setting(row: &Row) -> Option<(String, String)> {
    Some((text(row, "setting_key")?.to_owned(), text(row, "setting_value").unwrap_or_default().to_owned()))
}
