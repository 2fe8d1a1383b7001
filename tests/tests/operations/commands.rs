//! The commands beside `serve`.

use std::path::Path;

use roundhouse_tests::house::command;
use roundhouse_tests::{House, Setup, eventually};
use serde_json::{Value, json};

/// What a command did.
struct Done {
    code: Option<i32>,
    out: String,
    err: String,
}

async fn run(folder: &Path, arguments: &[&str]) -> Done {
    let output = command(folder).args(arguments).output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Done { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

#[tokio::test]
async fn the_version_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let done = run(folder.path(), &["--version"]).await;
    assert_eq!(
        (done.code, done.out.trim()),
        (Some(0), &*format!("roundhouse {}", env!("CARGO_PKG_VERSION")))
    );
}

#[tokio::test]
async fn bad_usage_exits_with_2_and_one_line_that_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["sevre"][..],
        &["serve", "--lisen", "x"],
        &["config", "check"],
        &["serve", "--role", "janitor"],
        &["migrate", "now"],
    ] {
        let done = run(folder.path(), arguments).await;
        assert_eq!(done.code, Some(2), "{arguments:?}: {}", done.err);
        assert_eq!((done.err.lines().count(), done.out.as_str()), (1, ""), "{arguments:?}: {}", done.err);
        assert!(done.err.starts_with("roundhouse: "), "{}", done.err);
    }
    assert!(run(folder.path(), &["sevre"]).await.err.contains("serve"));
}

#[tokio::test]
async fn config_check_tells_every_problem_and_exits_with_1() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("good.yaml"), "providers: [{ name: a, kind: openai, keys: [x] }]\n")
        .unwrap();
    std::fs::write(folder.path().join("bad.yaml"), "sever: {}\nproviders:\n  - kind: openai\n    tier: -1\n")
        .unwrap();
    let good = run(folder.path(), &["config", "check", "good.yaml"]).await;
    assert_eq!((good.code, good.out.trim()), (Some(0), "good.yaml: no problems"));
    let bad = run(folder.path(), &["config", "check", "bad.yaml"]).await;
    assert_eq!(bad.code, Some(1));
    for expected in ["server", "name", "tier", "bad.yaml:4:"] {
        assert!(bad.err.contains(expected), "{expected}: {}", bad.err);
    }
    assert_eq!(run(folder.path(), &["config", "check", "none.yaml"]).await.code, Some(1));
}

#[tokio::test]
async fn schema_and_document_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    let schema: Value = serde_json::from_str(&run(folder.path(), &["config", "schema"]).await.out).unwrap();
    assert!(schema["properties"]["providers"].is_object());
    let document: Value = serde_json::from_str(&run(folder.path(), &["openapi"]).await.out).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3."));
    assert!(document["paths"]["/api/v1/auth/login"]["post"].is_object());
}

#[tokio::test]
async fn a_running_server_passes_its_healthcheck_and_a_stopped_one_does_not() {
    // It asks by address, whatever the names are that others use.
    let mut house = House::start(json!({ "server": { "allowed_hosts": ["llm.example.com"] } })).await;
    let url = format!("{}/ready", house.url());
    let done = run(house.folder(), &["healthcheck", "--url", &url]).await;
    assert_eq!((done.code, done.out.trim()), (Some(0), "ready"), "{}", done.err);
    house.terminate().await;
    let done = run(house.folder(), &["healthcheck", "--url", &url]).await;
    assert_eq!((done.code, done.err.lines().count()), (Some(1), 1), "{}", done.err);
}

#[tokio::test]
async fn migrations_are_checked_and_made() {
    let folder = tempfile::tempdir().unwrap();
    let pending = run(folder.path(), &["migrate", "--check"]).await;
    assert_eq!(pending.code, Some(1), "{}{}", pending.out, pending.err);
    assert_eq!(run(folder.path(), &["migrate"]).await.code, Some(0));
    let done = run(folder.path(), &["migrate", "--check"]).await;
    assert_eq!((done.code, done.out.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn people_are_made_listed_and_given_new_passwords() {
    let house = House::start(json!({})).await;
    let made =
        run(house.folder(), &["user", "create", "ann@example.com", "--password", "first password of ann"])
            .await;
    assert_eq!(made.code, Some(0), "{}", made.err);
    let list = run(house.folder(), &["user", "list"]).await.out;
    assert!(
        list.contains("ann@example.com\tmember") && list.contains("admin@example.com\tadministrator"),
        "{list}"
    );
    let login = async |password: &str| {
        let body = json!({ "email": "ann@example.com", "password": password });
        house.client().post("/api/v1/auth/login").json(&body).send().await
    };
    let session = login("first password of ann").await;
    assert_eq!(session.status, 200, "{}", session.text());
    let token = session.json()["access_token"].as_str().unwrap().to_owned();
    let settings = house.client().get("/api/v1/settings").bearer(&token).send().await;
    assert_eq!((settings.status, settings.header("content-type")), (403, "application/problem+json"));
    let reset = house.client().post("/admin/reset-failed-keys").bearer(&token).send().await;
    assert_eq!(reset.status, 403);
    let done = run(house.folder(), &["user", "reset-password", "ann@example.com"]).await;
    let password = done
        .out
        .lines()
        .find_map(|line| line.strip_prefix("password: "))
        .expect("a password is told once")
        .to_owned();
    assert_eq!((login("first password of ann").await.status, login(&password).await.status), (401, 200));
    // Another process did it: this one notices as soon as it looks again.
    eventually("sessions have ended", async || {
        (house.client().get("/api/v1/auth/me").bearer(&token).send().await.status == 401).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_running_servers_database_is_copied() {
    let mut house = House::start(json!({})).await;
    let id = house.chat("none").await.id().to_owned();
    house.logged(&id).await;
    let done = run(house.folder(), &["backup", "--to", "copy.db"]).await;
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(std::fs::read(house.folder().join("copy.db")).unwrap().starts_with(b"SQLite format 3\0"));
    let again = run(house.folder(), &["backup", "--to", "copy.db"]).await;
    assert_eq!(again.code, Some(1), "a backup is never overwritten");
    house.terminate().await;
    std::fs::remove_file(house.data().join("roundhouse.db")).unwrap();
    for rest in ["roundhouse.db-wal", "roundhouse.db-shm"] {
        let _ = std::fs::remove_file(house.data().join(rest));
    }
    std::fs::rename(house.folder().join("copy.db"), house.data().join("roundhouse.db")).unwrap();
    house.run().await;
    assert_eq!(house.logged(&id).await["status"], 404);
}

#[tokio::test]
async fn the_doctor_finds_what_is_wrong() {
    let house = Setup::new(&json!({ "providers": [{ "name": "up", "kind": "openai", "keys": ["x"] }] }))
        .start()
        .await;
    let good = run(house.folder(), &["doctor"]).await;
    assert_eq!(good.code, Some(0), "{}{}", good.out, good.err);
    assert!(
        good.out.lines().all(|line| line.starts_with("ok ") || line.starts_with("warning ")),
        "{}",
        good.out
    );
    house.write_config("providers: [{ name: up, kind: openai, keys_file: nowhere.txt }]\n");
    let bad = run(house.folder(), &["doctor"]).await;
    assert_eq!(bad.code, Some(1));
    assert!(
        bad.out.lines().any(|line| line.starts_with("problem ") && line.contains("nowhere.txt")),
        "{}",
        bad.out
    );
}
