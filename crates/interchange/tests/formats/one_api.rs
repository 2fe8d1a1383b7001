//! The databases of One API and New API.

use roundhouse_domain::KeyStatus;
use roundhouse_interchange::{Dsn, Imported, one_api};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use serde_json::json;

use crate::support::{accepted, entry, keys, note};

/// What both have; `{q}` quotes names that are reserved somewhere.
const COMMON: &str = "
CREATE TABLE users (id INTEGER PRIMARY KEY, username VARCHAR(64), password VARCHAR(100), role INTEGER, status INTEGER, quota BIGINT, {q}group{q} VARCHAR(32));
CREATE TABLE options ({q}key{q} VARCHAR(191) PRIMARY KEY, value TEXT);
INSERT INTO users VALUES (1, 'root', 'x', 100, 1, 100, 'default'), (2, 'ann', 'x', 1, 1, 5, 'vip'), (3, 'gone', 'x', 1, 2, 0, 'default');
INSERT INTO options VALUES ('RetryTimes', '3'), ('ModelRatio', '{\"gpt-4o\": 1.25}'), ('CompletionRatio', '{\"gpt-4o\": 4}'), ('GroupRatio', '{\"vip\": 0.5}')";

const ONE_API: &str = "
CREATE TABLE channels (id INTEGER PRIMARY KEY, type INTEGER, {q}key{q} TEXT, status INTEGER, name VARCHAR(64), weight INTEGER, base_url VARCHAR(255), other TEXT, models TEXT, {q}group{q} VARCHAR(32), model_mapping TEXT, priority BIGINT, config TEXT);
CREATE TABLE tokens (id INTEGER PRIMARY KEY, user_id INTEGER, {q}key{q} CHAR(48), status INTEGER, name VARCHAR(64), expired_time BIGINT, remain_quota BIGINT, unlimited_quota BOOLEAN, models TEXT, subnet VARCHAR(64));
INSERT INTO channels VALUES
 (1, 1, 'sk-one-1234567890', 1, 'OpenAI', 5, '', '', 'gpt-4o,fast', 'default,vip', '{\"fast\": \"gpt-4o-mini\"}', 10, ''),
 (2, 36, 'sk-deep-1234567890', 1, 'DeepSeek', 0, '', '', 'deepseek-chat', 'vip', '', 0, ''),
 (3, 33, 'ignored', 2, 'AWS', 0, '', '', 'claude-3-5-sonnet-20241022', 'default', '', 0, '{\"region\": \"eu-west-1\"}'),
 (4, 15, 'x', 1, 'Baidu', 0, '', '', 'ernie', 'default', '', 0, ''),
 (5, 8, 'sk-custom-12345678', 1, 'Custom', 0, 'https://c.example/v1/chat/completions', '', 'm', 'default,vip', '', 0, '');
INSERT INTO tokens VALUES
 (1, 1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1, 'main', -1, 0, TRUE, '', ''),
 (2, 2, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 1, 'phone', 1893456000, 1250000, FALSE, 'gpt-4o,deepseek-chat', '10.0.0.0/8'),
 (3, 3, 'cccccccccccccccccccccccccccccccccccccccccccccccc', 1, 'old', -1, 0, TRUE, NULL, NULL)";

const NEW_API: &str = "
CREATE TABLE channels (id INTEGER PRIMARY KEY, type INTEGER, {q}key{q} TEXT, openai_organization VARCHAR(64), test_model VARCHAR(64), status INTEGER, name VARCHAR(64), weight INTEGER, base_url VARCHAR(255), other TEXT, models TEXT, {q}group{q} VARCHAR(64), model_mapping TEXT, status_code_mapping TEXT, priority BIGINT, auto_ban INTEGER, tag VARCHAR(64), setting TEXT, param_override TEXT, header_override TEXT, channel_info {json});
CREATE TABLE tokens (id INTEGER PRIMARY KEY, user_id INTEGER, {q}key{q} VARCHAR(128), status INTEGER, name VARCHAR(64), expired_time BIGINT, remain_quota BIGINT, unlimited_quota BOOLEAN, model_limits_enabled BOOLEAN, model_limits TEXT, allow_ips TEXT, {q}group{q} VARCHAR(64), deleted_at TIMESTAMP NULL);
INSERT INTO channels VALUES
 (1, 43, 'sk-d1-1234567890\nsk-d2-1234567890\nsk-d3-1234567890', NULL, 'deepseek-chat', 1, 'deep', 2, '', '', 'deepseek-chat', 'default', NULL, '', 0, 0, NULL, '{\"proxy\": \"socks5://p.example:1080\"}', '{\"temperature\": 0}', '{\"X-A\": \"b\"}', '{\"is_multi_key\": true, \"multi_key_status_list\": {\"1\": 2, \"2\": 3}}'),
 (2, 33, 'AKIA1|secret|us-west-2', 'org-1', NULL, 3, 'aws', 0, NULL, NULL, 'nova', 'default', NULL, NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL),
 (3, 2, 'x', NULL, NULL, 1, 'Midjourney', 0, NULL, NULL, 'mj', 'default', NULL, NULL, 0, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO tokens VALUES
 (1, 1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1, 'main', -1, 500000, FALSE, TRUE, 'deepseek-chat', '', '', NULL),
 (2, 1, 'dddddddddddddddddddddddddddddddddddddddddddddddd', 1, 'deleted', -1, 0, TRUE, FALSE, '', '', '', '2026-01-01 00:00:00')";

/// Makes the tables of one of the two.
pub async fn fill(connection: &DatabaseConnection, is_new: bool, quote: &str, json_type: &str) {
    let own = if is_new { NEW_API } else { ONE_API };
    for text in [COMMON, own] {
        for statement in text.replace("{q}", quote).replace("{json}", json_type).split(";\n") {
            connection.execute_unprepared(statement).await.expect("the statement works");
        }
    }
}

async fn imported(is_new: bool) -> Imported {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one-api.db");
    let connection = Database::connect(format!("sqlite://{}?mode=rwc", file.display())).await.unwrap();
    fill(&connection, is_new, "`", "TEXT").await;
    connection.close().await.unwrap();
    one_api::read(&one_api::read_database(&Dsn::File(file)).await.unwrap())
}

#[tokio::test]
async fn channels_of_one_api_become_providers() {
    check_one_api(&imported(false).await);
}

/// What the rows of One API mean, wherever they were stored.
pub fn check_one_api(imported: &Imported) {
    assert_eq!(
        entry(imported, "providers", "name", "openai"),
        &json!({ "name": "openai", "kind": "openai", "models": ["gpt-4o", { "name": "gpt-4o-mini", "as": "fast" }], "weight": 5, "tier": 0 })
    );
    assert_eq!(
        entry(imported, "providers", "name", "deepseek"),
        &json!({ "name": "deepseek", "kind": "deepseek", "models": ["deepseek-chat"], "tier": 1 })
    );
    assert_eq!(entry(imported, "providers", "name", "custom")["base_url"], "https://c.example/v1");
    let aws = entry(imported, "providers", "name", "aws");
    assert_eq!((&aws["region"], &aws["enabled"]), (&json!("eu-west-1"), &json!(false)));
    assert!(note(imported, "channels[4]").message.contains("no counterpart"));
    assert_eq!(keys(imported, "openai"), ["sk-one-1234567890"]);
    assert_eq!(
        entry(imported, "access_keys", "name", "root/main")["models"],
        json!(["openai/*", "aws/*", "custom/*"])
    );
    assert_eq!(
        entry(imported, "access_keys", "name", "ann/phone"),
        &json!({
            "name": "ann/phone",
            "models": ["openai/gpt-4o", "deepseek/deepseek-chat"],
            "expires_at": "2030-01-01T00:00:00Z",
            "limits": { "usd_per_month": 2.5 },
        })
    );
    assert_eq!(entry(imported, "access_keys", "name", "gone/old")["enabled"], false);
    assert_eq!(imported.configuration.credentials[0].secret.expose(), format!("sk-{}", "a".repeat(48)));
    assert_eq!(imported.configuration.document.0["gateway"], json!({ "max_attempts": 4 }));
    assert_eq!(
        imported.configuration.document.list("catalogue"),
        [json!({ "match": "gpt-4o", "prices": { "input": 2.5, "output": 10.0 } })]
    );
    for place in ["tokens[2].allow_ips", "tokens[2].remain_quota", "users", "options.GroupRatio"] {
        note(imported, place);
    }
    accepted(&imported.configuration);
}

#[tokio::test]
async fn channels_of_new_api_have_many_keys() {
    check_new_api(&imported(true).await);
}

/// What the rows of New API mean, wherever they were stored.
pub fn check_new_api(imported: &Imported) {
    assert_eq!(
        entry(imported, "providers", "name", "deep"),
        &json!({
            "name": "deep",
            "kind": "deepseek",
            "models": ["deepseek-chat"],
            "weight": 2,
            "body": { "set": { "temperature": 0 } },
            "headers": { "X-A": "b" },
            "proxy": "socks5://p.example:1080",
            "probes": { "model": "deepseek-chat" },
            "failures": { "threshold": 0 },
        })
    );
    let of_deep = &imported.configuration.keys.iter().find(|entry| entry.provider == "deep").unwrap().keys;
    let statuses: Vec<_> = of_deep.iter().map(|key| key.status).collect();
    assert_eq!(statuses, [KeyStatus::Active, KeyStatus::Disabled, KeyStatus::Invalid]);
    assert_eq!(keys(imported, "aws"), ["AKIA1:secret"]);
    let aws = entry(imported, "providers", "name", "aws");
    assert_eq!((&aws["region"], &aws["enabled"]), (&json!("us-west-2"), &json!(false)));
    assert!(note(imported, "channels[3]").message.contains("no counterpart"));
    assert_eq!(
        imported.configuration.document.list("access_keys"),
        [json!({ "name": "root/main", "models": ["deepseek-chat"], "limits": { "usd_per_month": 1.0 } })]
    );
    accepted(&imported.configuration);
}

#[tokio::test]
async fn another_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other.db");
    let connection = Database::connect(format!("sqlite://{}?mode=rwc", file.display())).await.unwrap();
    connection.execute_unprepared("CREATE TABLE channels (id INTEGER PRIMARY KEY)").await.unwrap();
    let error = one_api::read_database(&Dsn::File(file)).await.unwrap_err();
    assert_eq!(error.code(), "import_malformed");
}
