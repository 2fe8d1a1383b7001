//! Backups that come back, and encryption keys that are replaced.

use std::path::Path;
use std::time::Duration;

use http::Method;
use roundhouse_storage::testing::Place;
use roundhouse_tests::house::command;
use roundhouse_tests::{Dialect, Fake, House, Reply, Setup, eventually};
use serde_json::{Value, json};

struct Done {
    code: Option<i32>,
    out: String,
    err: String,
}

async fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Done {
    let output = command(folder).args(arguments).envs(environment.iter().copied()).output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Done { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A provider that answers whoever has the right key.
async fn picky() -> Fake {
    Fake::new(|seen| match seen.credential() {
        "sk-kept-in-the-database" => Dialect::answer(seen, "hello"),
        _ => Reply::json(401, &json!({ "error": { "message": "who are you?" } })),
    })
    .await
}

/// Things that people made, and that are sealed or hashed.
struct Made {
    access_key: String,
    token: String,
    /// The revision before something with a secret was removed.
    with_channel: i64,
}

/// Makes a provider with a key, an access key, a personal token, and a revision that has sealed secrets of what was removed.
async fn furnish(house: &mut House, fake: &Fake) -> Made {
    let bearer = house.administrator().await;
    let post = async |path: &str, body: Value| {
        let made = house.client().post(path).bearer(&bearer).json(&body).send().await;
        assert!(made.status < 300, "{path}: {}", made.text());
        made.json()
    };
    let up =
        json!({ "name": "up", "kind": "openai", "base_url": format!("{}/v1", fake.url()), "models": ["m"] });
    post("/api/v1/providers", up).await;
    post("/api/v1/providers/up/keys", json!({ "text": "sk-kept-in-the-database" })).await;
    let access_key = post("/api/v1/access-keys", json!({ "name": "made" })).await;
    let token = post("/api/v1/tokens", json!({ "name": "script" })).await;
    let channel = json!({ "name": "ops", "kind": "slack", "url": "https://hooks.example.com/secret" });
    post("/api/v1/alert-channels", channel).await;
    let revisions = house.client().get("/api/v1/revisions").bearer(&bearer).send().await.json();
    let with_channel = revisions["items"][0]["id"].as_i64().unwrap();
    let gone = house.client().ask(Method::DELETE, "/api/v1/alert-channels/ops").bearer(&bearer).send().await;
    assert_eq!(gone.status, 204, "{}", gone.text());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Made { access_key: text(&access_key["key"]), token: text(&token["token"]), with_channel }
}

/// Whether all that was made works.
async fn assert_works(house: &House, made: &Made) {
    eventually("the stored key is used", async || {
        let answer = Dialect::Chat.ask(house.client(), &made.access_key, "m", false).send().await;
        (answer.status == 200).then_some(())
    })
    .await;
    let me = house.client().get("/api/v1/auth/me").bearer(&made.token).send().await;
    assert_eq!(me.status, 200, "{}", me.text());
}

/// Whether secrets that only an old revision has are there.
async fn assert_remembers(house: &House, made: &Made) {
    let back = format!("/api/v1/revisions/{}/rollback", made.with_channel);
    let back = house.client().post(&back).bearer(&made.token).json(&json!({})).send().await;
    assert_eq!(back.status, 200, "{}", back.text());
    let channel = house.client().get("/api/v1/alert-channels/ops").bearer(&made.token).send().await;
    assert_eq!(channel.status, 200, "{}", channel.text());
}

fn rename(house: &House, from: &str, to: &str) {
    std::fs::rename(house.data().join(from), house.data().join(to)).unwrap();
}

fn old_key(house: &House) -> String {
    let names = std::fs::read_dir(house.data()).unwrap();
    let mut names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.find(|name| name.starts_with("encryption.key.old-")).expect("the old key is kept")
}

#[tokio::test]
async fn a_replaced_key_opens_everything_wherever_its_replacement_was_cut_off() {
    let fake = picky().await;
    let mut house = House::start(json!({})).await;
    let made = furnish(&mut house, &fake).await;
    let refused = run(house.folder(), &["rotate-encryption-key"], &[]).await;
    assert!(refused.code == Some(1) && refused.err.contains("stop it first"), "{}", refused.err);
    house.terminate().await;
    let before = std::fs::read(house.data().join("encryption.key")).unwrap();
    let done = run(house.folder(), &["rotate-encryption-key"], &[]).await;
    assert!(done.code == Some(0) && done.out.contains("sealed anew"), "{}{}", done.out, done.err);
    assert!(!done.out.contains("did not open"), "{}", done.out);
    assert_ne!(std::fs::read(house.data().join("encryption.key")).unwrap(), before);
    house.run().await;
    assert_works(&house, &made).await;
    assert_remembers(&house, &made).await;
    house.terminate().await;

    // Killed after the database had the new key, and before the file had.
    let old = old_key(&house);
    rename(&house, "encryption.key", "encryption.key.next");
    rename(&house, &old, "encryption.key");
    house.run().await;
    assert_works(&house, &made).await;
    assert!(!house.data().join("encryption.key.next").exists());
    house.terminate().await;

    // Killed before the database had it, or anywhere else.
    std::fs::write(house.data().join("encryption.key.next"), format!("{}\n", "5".repeat(64))).unwrap();
    house.run().await;
    assert_works(&house, &made).await;
    house.terminate().await;
    for wait_ms in [20, 60, 120, 250] {
        let mut rotating = command(house.folder()).arg("rotate-encryption-key").spawn().unwrap();
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        let _ = rotating.kill().await;
        house.run().await;
        assert_works(&house, &made).await;
        house.terminate().await;
    }
    rename(&house, &old_key(&house), "encryption.key");
    std::fs::remove_file(house.data().join("encryption.key.next")).unwrap_or_default();
    let (code, log) = house.run_to_end().await;
    assert!(code == Some(1) && log.contains("encryption key"), "the old key opens nothing: {log}");
}

#[tokio::test]
async fn a_configured_key_is_replaced_by_one_that_is_said_on_either_database() {
    for place in [None, Some(Place::postgres().await)] {
        let fake = picky().await;
        let (old, new) = ("the key until today, which is long", "the key from now on, which is long");
        let mut setup = Setup::new(&json!({})).env("ENCRYPTION_KEY", old);
        let mut environment = vec![("ENCRYPTION_KEY", old.to_owned())];
        if let Some(place) = &place {
            let url = place.options().url.expose().to_owned();
            setup = setup.env("DATABASE_URL", &url);
            environment.push(("DATABASE_URL", url));
        }
        let mut house = setup.start().await;
        let made = furnish(&mut house, &fake).await;
        house.terminate().await;
        let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let unsaid = run(house.folder(), &["rotate-encryption-key"], &environment).await;
        assert!(unsaid.code == Some(1) && unsaid.err.contains("NEW_ENCRYPTION_KEY"), "{}", unsaid.err);
        let said = [environment.clone(), vec![("NEW_ENCRYPTION_KEY", new)]].concat();
        let done = run(house.folder(), &["rotate-encryption-key"], &said).await;
        assert!(done.code == Some(0) && !done.out.contains(new), "{}{}", done.out, done.err);
        let (code, log) = house.run_to_end().await;
        assert_eq!(code, Some(1), "the old key opens nothing: {log}");
        house.set_env("ENCRYPTION_KEY", new);
        house.run().await;
        assert_works(&house, &made).await;
        house.terminate().await;
    }
}

#[tokio::test]
async fn a_backup_comes_back_and_what_it_replaces_is_kept() {
    let fake = picky().await;
    let mut house = House::start(json!({})).await;
    let made = furnish(&mut house, &fake).await;
    assert_eq!(run(house.folder(), &["backup", "--to", "copy.db"], &[]).await.code, Some(0));
    let token = house.administrator().await;
    let gone = house.client().ask(Method::DELETE, "/api/v1/access-keys/made").bearer(&token);
    assert_eq!(gone.send().await.status, 204);
    let refused = run(house.folder(), &["restore", "copy.db"], &[]).await;
    assert!(refused.code == Some(1) && refused.err.contains("stop it first"), "{}", refused.err);
    house.kill().await;
    let done = run(house.folder(), &["restore", "copy.db"], &[]).await;
    assert_eq!(done.code, Some(0), "{}", done.err);
    let aside = done.out.lines().find_map(|line| line.strip_prefix("what was there before is in ")).unwrap();
    assert!(house.folder().join(aside).join("roundhouse.db").exists(), "{}", done.out);
    house.run().await;
    assert_works(&house, &made).await;
    assert!(house.folder().join("copy.db").exists(), "the backup stays");
}

#[tokio::test]
async fn what_is_no_whole_backup_of_ours_replaces_nothing() {
    let fake = picky().await;
    let mut house = House::start(json!({})).await;
    let made = furnish(&mut house, &fake).await;
    run(house.folder(), &["backup", "--to", "copy.db"], &[]).await;
    house.terminate().await;
    let copy = std::fs::read(house.folder().join("copy.db")).unwrap();
    let mut damaged = copy.clone();
    damaged[copy.len() / 2..copy.len() / 2 + 20_000].fill(0x5a);
    std::fs::write(house.folder().join("damaged.db"), damaged).unwrap();
    std::fs::write(house.folder().join("text.db"), "this is no database").unwrap();
    std::fs::write(house.folder().join("empty.db"), "").unwrap();
    for (file, word) in [
        ("damaged.db", "damaged.db is no whole backup"),
        ("text.db", "text.db is no whole backup"),
        ("empty.db", "no data of Roundhouse"),
        ("nowhere.db", "nowhere.db"),
    ] {
        let refused = run(house.folder(), &["restore", file], &[]).await;
        assert!(refused.code == Some(1) && refused.err.contains(word), "{file}: {}", refused.err);
    }
    let other = [("ENCRYPTION_KEY", "another key than that of the backup")];
    let refused = run(house.folder(), &["restore", "copy.db"], &other).await;
    assert!(refused.code == Some(1) && refused.err.contains("another encryption key"), "{}", refused.err);
    let postgres = [("DATABASE_URL", "postgres://nobody@127.0.0.1:9/none")];
    let refused = run(house.folder(), &["restore", "copy.db"], &postgres).await;
    assert!(refused.code == Some(1) && refused.err.contains("pg_restore"), "{}", refused.err);
    house.run().await;
    assert_works(&house, &made).await;
}
