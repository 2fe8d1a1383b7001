//! gpt-load's database.

use std::collections::BTreeMap;

use roundhouse_domain::{KeyStatus, Secret};
use roundhouse_interchange::gpt_load::{self, Cipher};
use roundhouse_interchange::{Dsn, Imported, Notes, ReadError};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use serde_json::json;

use crate::support::{accepted, entry, keys, note};

/// The tables of version 1.4, as far as an import looks at them; SQLite takes any type.
const SCHEMA: &str = "
CREATE TABLE system_settings (id INTEGER PRIMARY KEY, setting_key VARCHAR(255) UNIQUE, setting_value TEXT, description VARCHAR(512), created_at TIMESTAMP, updated_at TIMESTAMP);
CREATE TABLE {q}groups{q} (id INTEGER PRIMARY KEY, name VARCHAR(255) UNIQUE, display_name VARCHAR(255), proxy_keys TEXT, description VARCHAR(512), group_type VARCHAR(50) DEFAULT 'standard', upstreams {json}, validation_endpoint VARCHAR(255), channel_type VARCHAR(50), sort INTEGER, test_model VARCHAR(255), param_overrides {json}, config {json}, header_rules {json}, model_redirect_rules {json}, model_redirect_strict BOOLEAN DEFAULT FALSE, last_validated_at TIMESTAMP NULL);
CREATE TABLE group_sub_groups (id INTEGER PRIMARY KEY, group_id INTEGER, sub_group_id INTEGER, weight INTEGER);
CREATE TABLE api_keys (id INTEGER PRIMARY KEY, key_value TEXT, key_hash VARCHAR(128), group_id INTEGER, status VARCHAR(50) DEFAULT 'active', notes VARCHAR(255), request_count INTEGER DEFAULT 0, failure_count INTEGER DEFAULT 0, last_used_at TIMESTAMP NULL)";

const ROWS: &str = r#"
INSERT INTO {q}groups{q} (id, name, proxy_keys, group_type, upstreams, validation_endpoint, channel_type, sort, test_model, param_overrides, config, header_rules, model_redirect_rules, model_redirect_strict) VALUES
 (1, 'openai', 'sk-team-a-123456,sk-both-1234567', 'standard', '[{"url":"https://api.openai.com","weight":3},{"url":"https://mirror.example","weight":1}]', '', 'openai', 1, 'gpt-4o-mini', '{"store":false}', '{"blacklist_threshold":5,"max_retries":1,"request_timeout":90,"proxy_url":"http://proxy.example:3128","failover_status_codes":"500-599"}', '[{"key":"X-From","value":"${CLIENT_IP} ${GROUP_NAME}","action":"set"},{"key":"X-Drop","value":"","action":"remove"}]', '{"fast":"gpt-4o-mini"}', FALSE),
 (2, 'claude', '', 'standard', '[{"url":"https://api.anthropic.com","weight":1}]', '', 'anthropic', 2, 'claude-3-5-haiku', NULL, '{}', '[]', '{"claude":"claude-sonnet-4-5","same":"same"}', TRUE),
 (3, '_odd', NULL, 'standard', '[{"url":"https://off.example","weight":0}]', '', 'openai', 3, 'm', NULL, NULL, NULL, NULL, FALSE),
 (4, 'all', 'sk-both-1234567', 'aggregate', '[]', '', 'openai', 4, '-', NULL, '{}', '[]', '{}', FALSE),
 (5, 'gemini', NULL, 'standard', '[{"url":"https://generativelanguage.googleapis.com","weight":1}]', '', 'gemini', 5, 'gemini-2.5-flash', NULL, NULL, NULL, NULL, FALSE);
INSERT INTO group_sub_groups (id, group_id, sub_group_id, weight) VALUES (1, 4, 1, 7), (2, 4, 5, 0);
INSERT INTO system_settings (id, setting_key, setting_value) VALUES (1, 'proxy_keys', 'sk-global-123456'), (2, 'max_retries', '5'), (3, 'connect_timeout', '15'), (4, 'request_log_retention_days', '30')"#;

/// A database with these tables and rows.
pub async fn fill(connection: &DatabaseConnection, quote: &str, json_type: &str) {
    for text in [SCHEMA, ROWS] {
        for statement in text.replace("{q}", quote).replace("{json}", json_type).split(";\n") {
            connection.execute_unprepared(statement).await.expect("the statement works");
        }
    }
}

/// Adds keys: `(group, key, status, notes, failures)`.
pub async fn add_keys(connection: &DatabaseConnection, stored: &[(u32, String, String, &str, &str, u32)]) {
    for (index, (group, value, hash, status, notes, failures)) in stored.iter().enumerate() {
        let statement = format!(
            "INSERT INTO api_keys (id, key_value, key_hash, group_id, status, notes, failure_count) VALUES ({}, '{value}', '{hash}', {group}, '{status}', '{notes}', {failures})",
            index + 1
        );
        connection.execute_unprepared(&statement).await.expect("the key is stored");
    }
}

/// Keys as gpt-load keeps them without encryption.
pub fn plain_keys() -> Vec<(u32, String, String, &'static str, &'static str, u32)> {
    let plain = Cipher::new(None).expect("no key is needed");
    let key = |group, value: &str, status, notes, failures| {
        (group, value.to_owned(), plain.hash(value), status, notes, failures)
    };
    vec![
        key(1, "sk-one-1234567890", "active", "of Ann", 0),
        key(1, "sk-two-1234567890", "invalid", "", 9),
        key(2, "sk-ant-1234567890", "active", "", 1),
        key(3, "sk-lost-123456789", "active", "", 0),
    ]
}

struct Sqlite {
    folder: tempfile::TempDir,
    connection: DatabaseConnection,
}

impl Sqlite {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("gpt-load.db").display());
        let connection = Database::connect(url).await.expect("the file is made");
        fill(&connection, "`", "JSON").await;
        Self { folder, connection }
    }

    fn dsn(&self) -> Dsn {
        Dsn::File(self.folder.path().join("gpt-load.db"))
    }

    async fn read(&self, key: Option<&str>) -> Result<Imported, ReadError> {
        read(&self.dsn(), key).await
    }
}

pub async fn read(dsn: &Dsn, key: Option<&str>) -> Result<Imported, ReadError> {
    let mut notes = Notes::default();
    let key = key.map(Secret::from);
    let gateway = gpt_load::read_database(dsn, key.as_ref(), &mut notes).await?;
    let mut imported = gpt_load::read(gateway);
    imported.notes.extend(notes.finish());
    Ok(imported)
}

#[tokio::test]
async fn groups_become_providers_under_their_names() {
    let database = Sqlite::new().await;
    add_keys(&database.connection, &plain_keys()).await;
    check(&database.read(None).await.unwrap());
}

/// What the rows above mean, wherever they were stored.
pub fn check(imported: &Imported) {
    assert_eq!(
        entry(imported, "providers", "name", "openai"),
        &json!({
            "name": "openai",
            "kind": "openai",
            "base_urls": [{ "url": "https://api.openai.com", "weight": 3 }, { "url": "https://mirror.example/v1", "weight": 1 }],
            "headers": { "X-From": "{{client_ip}} {{provider}}" },
            "remove_headers": ["X-Drop"],
            "body": { "set": { "store": false } },
            "probes": { "model": "gpt-4o-mini" },
            "failures": { "threshold": 5 },
            "timeouts": { "total": "90s" },
            "proxy": "http://proxy.example:3128",
        })
    );
    assert_eq!(
        entry(imported, "providers", "name", "claude")["models"],
        json!([{ "name": "claude-sonnet-4-5", "as": "claude" }, "same"])
    );
    assert_eq!(
        entry(imported, "pools", "name", "all")["providers"],
        json!([{ "provider": "openai", "weight": 7 }, { "provider": "gemini", "weight": 0 }])
    );
    assert_eq!(
        entry(imported, "routes", "model", "fast")["tiers"],
        json!([[{ "provider": "openai", "model": "gpt-4o-mini" }]])
    );
    let rules: BTreeMap<_, _> = imported
        .configuration
        .document
        .list("access_keys")
        .iter()
        .map(|key| (key["name"].as_str().unwrap(), key["models"].clone()))
        .collect();
    assert_eq!(
        rules,
        BTreeMap::from([
            ("gpt-load", json!(["all"])),
            ("openai", json!(["openai/*"])),
            ("openai-2", json!(["openai/*", "gemini/*"])),
        ])
    );
    assert_eq!(imported.configuration.document.0["gateway"], json!({ "max_attempts": 6 }));
    assert_eq!(imported.configuration.document.0["requests"], json!({ "retention": "30d" }));
    assert_eq!(keys(imported, "openai"), ["sk-one-1234567890", "sk-two-1234567890"]);
    let of_openai = &imported.configuration.keys.iter().find(|keys| keys.provider == "openai").unwrap().keys;
    assert_eq!((of_openai[0].status, of_openai[0].settings.note.as_str()), (KeyStatus::Active, "of Ann"));
    assert_eq!((of_openai[1].status, of_openai[1].failures), (KeyStatus::Invalid, 9));
    for place in
        ["groups[openai].config.max_retries", "groups[openai].config.failover_status_codes", "groups[_odd]"]
    {
        note(imported, place);
    }
    accepted(&imported.configuration);
}

#[tokio::test]
async fn encrypted_keys_need_the_right_key() {
    let database = Sqlite::new().await;
    let (value, hash) = encrypted();
    add_keys(&database.connection, &[(1, value, hash, "active", "", 0)]).await;
    let right = database.read(Some("correct horse battery")).await.unwrap();
    assert_eq!(keys(&right, "openai"), ["sk-test-1234567890"]);
    let wrong = database.read(Some("another")).await.unwrap_err();
    assert_eq!(wrong.code(), "encryption_key_wrong");
    let missing = database.read(None).await.unwrap_err();
    assert_eq!(missing.code(), "encryption_key_missing");
}

/// A key as gpt-load encrypts it, and its hash; computed with OpenSSL.
fn encrypted() -> (String, String) {
    (
        "07070707070707070707070761084ca49203466b7452abb07577aca3fe85d869a18f3db9c3096abb644354652411"
            .to_owned(),
        "34db29dbed6375ee6a500e0cd092241f3b382a9f1bdb26037129af8f4a12bb64".to_owned(),
    )
}

#[tokio::test]
async fn a_key_for_plain_keys_is_refused() {
    let database = Sqlite::new().await;
    add_keys(&database.connection, &plain_keys()).await;
    assert_eq!(database.read(Some("any")).await.unwrap_err().code(), "not_encrypted");
}

#[tokio::test]
async fn a_key_that_was_damaged_is_left_out_with_a_note() {
    let database = Sqlite::new().await;
    let (value, hash) = encrypted();
    let damaged = value.replace("6108", "6109");
    add_keys(
        &database.connection,
        &[(1, value, hash.clone(), "active", "", 0), (1, damaged, hash, "active", "", 0)],
    )
    .await;
    let imported = database.read(Some("correct horse battery")).await.unwrap();
    assert_eq!(keys(&imported, "openai").len(), 1);
    assert!(note(&imported, "api_keys").message.contains(": 1;"));
}

#[tokio::test]
async fn tables_of_older_versions_lack_columns() {
    let database = Sqlite::new().await;
    add_keys(&database.connection, &plain_keys()).await;
    for statement in [
        "DROP TABLE group_sub_groups",
        "ALTER TABLE `groups` DROP COLUMN group_type",
        "ALTER TABLE `groups` DROP COLUMN model_redirect_rules",
        "ALTER TABLE `groups` DROP COLUMN model_redirect_strict",
        "ALTER TABLE `groups` DROP COLUMN header_rules",
        "ALTER TABLE api_keys DROP COLUMN key_hash",
        "ALTER TABLE api_keys DROP COLUMN notes",
    ] {
        database.connection.execute_unprepared(statement).await.unwrap();
    }
    let imported = database.read(None).await.unwrap();
    assert_eq!(keys(&imported, "openai"), ["sk-one-1234567890", "sk-two-1234567890"]);
    accepted(&imported.configuration);
}

#[tokio::test]
async fn what_is_no_database_of_gpt_load_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.db");
    let missing = read(&Dsn::File(file.clone()), None).await.unwrap_err();
    assert!(missing.to_string().contains("there is no file"), "{missing}");
    std::fs::write(&file, b"no database at all, but long enough to be looked at".repeat(40)).unwrap();
    assert_eq!(read(&Dsn::File(file.clone()), None).await.unwrap_err().code(), "import_database");
    std::fs::write(&file, b"").unwrap();
    assert_eq!(read(&Dsn::File(file), None).await.unwrap_err().code(), "import_malformed");
}

#[tokio::test]
async fn a_view_in_the_place_of_a_table_is_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.db");
    let connection = Database::connect(format!("sqlite://{}?mode=rwc", file.display())).await.unwrap();
    let endless = "CREATE VIEW `groups` AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id, 'x' AS upstreams FROM n";
    connection.execute_unprepared(endless).await.unwrap();
    connection.close().await.unwrap();
    assert_eq!(read(&Dsn::File(file), None).await.unwrap_err().code(), "import_malformed");
}

#[tokio::test]
async fn layers_of_uni_load_are_folded_into_routes() {
    let database = Sqlite::new().await;
    let rows = r#"
INSERT INTO `groups` (id, name, proxy_keys, group_type, upstreams, channel_type, test_model, config) VALUES
 (10, 'gpt-4o-via-openai', 'sk-instance-123456', 'standard', '[{"url":"http://gw.example:3001/proxy/openai","weight":1}]', 'openai', 'gpt-4o', '{"blacklist_threshold":2}'),
 (11, 'gpt-4o-via-gemini', '', 'standard', '[{"url":"http://gw.example:3001/proxy/gemini","weight":1}]', 'openai', 'gpt-4o', '{}'),
 (12, 'gpt-4o', 'sk-model-1234567', 'aggregate', '[]', 'openai', 'gpt-4o', '{"max_retries":9}'),
 (13, 'org-m-via-openai', '', 'standard', '[{"url":"http://gw.example:3001/proxy/openai","weight":1}]', 'openai', 'org/M', '{}')"#;
    let links = "INSERT INTO group_sub_groups (id, group_id, sub_group_id, weight) VALUES (10, 12, 10, 80), (11, 12, 11, 20)";
    for statement in [rows, links] {
        database.connection.execute_unprepared(statement).await.unwrap();
    }
    let imported = database.read(None).await.unwrap();
    assert_eq!(
        entry(&imported, "routes", "model", "gpt-4o")["tiers"],
        json!([[{ "provider": "openai", "model": "gpt-4o", "weight": 80 }, { "provider": "gemini", "model": "gpt-4o", "weight": 20 }]])
    );
    assert_eq!(
        entry(&imported, "routes", "model", "org/M")["tiers"],
        json!([[{ "provider": "openai", "model": "org/M", "weight": 1 }]])
    );
    assert_eq!(
        entry(&imported, "pools", "name", "gpt-4o")["providers"],
        json!([{ "provider": "gemini", "weight": 20 }, { "provider": "openai", "weight": 80 }])
    );
    let names: Vec<_> = imported
        .configuration
        .document
        .list("providers")
        .iter()
        .map(|provider| provider["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["openai", "claude", "gemini"]);
    assert_eq!(entry(&imported, "access_keys", "name", "gpt-4o")["models"], json!(["gpt-4o"]));
    accepted(&imported.configuration);
}
