//! Configurations of other gateways: taken over and given away, over the API and with the commands.

use roundhouse_tests::house::command;
use roundhouse_tests::{Answer, Dialect, Fake, House};
use serde_json::{Value, json};

fn api_yaml(fake: &Fake) -> String {
    format!(
        "providers:\n  - provider: old\n    base_url: {}/v1/chat/completions\n    api: sk-planted-in-an-api-yaml\n    model: [fresh]\napi_keys:\n  - {{api: sk-planted-client-123456, role: team}}\n",
        fake.url()
    )
}

async fn import(house: &mut House, query: &str, body: impl Into<Vec<u8>>) -> Answer {
    let token = house.administrator().await;
    house
        .client()
        .post(&format!("/api/v1/config/import?{query}"))
        .bearer(&token)
        .body(body.into())
        .send()
        .await
}

#[tokio::test]
async fn a_dry_run_tells_what_an_import_then_does() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut house = House::start(json!({ "providers": [] })).await;
    let told = import(&mut house, "format=uni-api&dry_run=true", api_yaml(&fake)).await;
    assert_eq!(told.status, 200, "{}", told.text());
    assert_eq!(house.chat("fresh").await.status, 404, "a dry run changes nothing");
    let done = import(&mut house, "format=uni-api", api_yaml(&fake)).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let without = |answer: &Answer| {
        let mut value = answer.json();
        value.as_object_mut().expect("an object").remove("dry_run");
        value
    };
    assert_eq!(without(&told), without(&done));
    let ask = json!({ "model": "fresh", "messages": [{ "role": "user", "content": "hi" }] });
    let answer = house
        .client()
        .post("/v1/chat/completions")
        .bearer("sk-planted-client-123456")
        .json(&ask)
        .send()
        .await;
    assert_eq!(answer.status, 200, "the old credential works: {}", answer.text());
    let revisions = house.manage("GET", "/api/v1/revisions").await.json();
    assert_eq!(revisions["items"].as_array().map(Vec::len), Some(1));
    for secret in ["sk-planted-in-an-api-yaml", "sk-planted-client-123456"] {
        assert!(!house.log().contains(secret) && !done.text().contains(secret));
    }
}

#[tokio::test]
async fn hostile_imports_change_nothing_and_say_why() {
    let mut house = House::start(json!({ "providers": [] })).await;
    let deep = format!("{{\"providers\":{}{}}}", "[".repeat(50_000), "]".repeat(50_000));
    for (query, body, code) in [
        ("format=uni-api", deep.as_str(), "import_unreadable"),
        ("format=uni-api", "providers: []\nproviders: []\n", "import_unreadable"),
        ("format=roundhouse", "roundhouse: 99\n", "import_version"),
        ("format=roundhouse", "checksum: x\nroundhouse: 1\n", "import_damaged"),
        ("format=gpt-load", "SQLite format 3\u{0}and then nothing", "import_database"),
        ("format=one-api", "no database", "import_database"),
        ("format=nonsense", "x", "invalid_parameter"),
        ("format=keys.txt&provider=nobody", "sk-1234567890", "invalid_configuration"),
        ("format=keys.txt", "sk-1234567890", "import_malformed"),
        ("format=uni-api&mode=sideways", "providers: []", "invalid_parameter"),
        ("format=uni-api", "", "invalid_body"),
    ] {
        let refused = import(&mut house, query, body).await;
        assert_eq!(
            (refused.status, refused.json()["code"].as_str()),
            (400, Some(code)),
            "{query}: {}",
            refused.text()
        );
    }
    assert_eq!(house.manage("GET", "/api/v1/revisions").await.json()["items"], json!([]));
}

#[tokio::test]
async fn another_gateways_address_must_be_public() {
    let mut house = House::start(json!({ "providers": [] })).await;
    let token = house.administrator().await;
    let form = "--x\r\nContent-Disposition: form-data; name=\"url\"\r\n\r\nhttp://127.0.0.1:9\r\n--x\r\nContent-Disposition: form-data; name=\"auth_key\"\r\n\r\nsk-planted-auth-key\r\n--x--\r\n";
    let ask = house.client().post("/api/v1/config/import?format=gpt-load").bearer(&token);
    let refused = ask.header("content-type", "multipart/form-data; boundary=x").body(form).send().await;
    assert_eq!(
        (refused.status, refused.json()["code"].as_str()),
        (502, Some("import_remote")),
        "{}",
        refused.text()
    );
    assert!(refused.text().contains("not public") && !refused.text().contains("sk-planted-auth-key"));
}

#[tokio::test]
async fn what_is_exported_holds_secrets_only_with_a_passphrase() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut house = House::start(json!({ "providers": [] })).await;
    import(&mut house, "format=uni-api", api_yaml(&fake)).await;
    let plain = house.manage("GET", "/api/v1/config/export").await;
    assert_eq!(plain.status, 200);
    assert!(plain.text().contains("name: old") && !plain.text().contains("secrets:"));
    let token = house.administrator().await;
    let ask = house.client().get("/api/v1/config/export?form=json").bearer(&token);
    let sealed = ask.header("x-roundhouse-passphrase", "a passphrase of some words").send().await;
    assert!(sealed.json()["secrets"].is_object() && !sealed.text().contains("sk-planted"));
    let keys = house.manage("GET", "/api/v1/config/export?format=keys.txt&provider=old").await;
    assert_eq!(keys.text(), "sk-planted-in-an-api-yaml\n");
    let yaml = house.manage("GET", "/api/v1/config/export?format=uni-api").await;
    assert!(yaml.text().contains("sk-planted-in-an-api-yaml"));
}

#[tokio::test]
async fn the_commands_do_the_same_without_a_server() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("the folder is writable");
    };
    write("api.yaml", &api_yaml(&fake).replace("sk-planted-in-an-api-yaml", "${OLD_KEY}"));
    write("passphrase.txt", "a passphrase of some words\n");
    let run = async |arguments: &str| {
        let mut command = command(folder.path());
        command.args(arguments.split(' ')).env("OLD_KEY", "sk-planted-in-a-variable");
        let output = command.output().await.expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, told, error) = run("import uni-api api.yaml --dry-run").await;
    assert_eq!(code, Some(0), "{error}");
    assert!(told.contains("created\tprovider old") && told.contains("nothing was changed"), "{told}");
    let (code, told, error) = run("import uni-api api.yaml").await;
    assert_eq!(code, Some(0), "{error}");
    assert!(told.contains("keys\told: 1 new, 0 known") && told.ends_with("imported\n"), "{told}");
    let (code, _, error) = run("export roundhouse --out house.yaml --passphrase-file passphrase.txt").await;
    assert_eq!(code, Some(0), "{error}");
    let (code, told, error) =
        run("import roundhouse house.yaml --passphrase-file passphrase.txt --data other").await;
    assert_eq!(code, Some(0), "{error}");
    assert!(told.contains("keys\told: 1 new, 0 known"), "{told}");
    let (code, keys, _) = run("export keys.txt --provider old --data other").await;
    assert_eq!((code, keys.as_str()), (Some(0), "sk-planted-in-a-variable\n"));
    let (code, _, error) = run("import nonsense api.yaml").await;
    assert_eq!(code, Some(2), "{error}");
    let (code, _, error) = run("import roundhouse house.yaml --data third").await;
    assert_eq!(code, Some(1));
    assert!(error.contains("give the passphrase"), "{error}");
}

#[tokio::test]
async fn a_uni_api_beside_follows_each_change() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("api.yaml");
    std::fs::write(&file, "providers:\n  - {provider: theirs, base_url: 'https://a.example/v1/chat/completions', api: '${KEY}'}\nsomething: else\n").expect("written");
    let config = json!({ "providers": [], "export": { "uni_api": { "file": file, "in_step": true }, "interval": "1s" } });
    let mut house = House::start(config).await;
    import(&mut house, "format=uni-api", api_yaml(&fake)).await;
    let text = roundhouse_tests::eventually("uni-api has the provider", async || {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        text.contains("sk-planted-in-an-api-yaml").then_some(text)
    })
    .await;
    assert!(
        text.contains("provider: theirs") && text.contains("${KEY}") && text.contains("something: else"),
        "{text}"
    );
    let push = house.manage("POST", "/api/v1/config/export?format=uni-api&dry_run=true").await;
    assert_eq!(
        (push.status, push.json()["steps"].clone()),
        (200, Value::Array(Vec::new())),
        "{}",
        push.text()
    );
}
