//! Declared things come out complete.

use std::fmt::Write;

use roundhouse_domain::Secret;
use roundhouse_domain::spec::ProviderKind;

use crate::support::Setup;

#[test]
fn every_provider_has_kind_and_addresses() {
    let yaml = "\
providers:
  - { name: a, kind: openai, keys: [k] }
  - { name: b, kind: anthropic, keys: [k] }
  - { name: c, kind: gemini, keys: [k] }
  - { name: d, base_url: https://api.anthropic.com/v1, keys: [k] }
  - { name: e, base_urls: [{ url: http://one/v1/ }, { url: http://two/v1, weight: 3 }] }
  - { name: f, kind: demo }
  - { name: g, kind: azure, base_url: https://g.openai.azure.com/?api-version=2024-10-21, keys: [k] }
";
    let config = Setup::new(yaml).load();
    let found: Vec<(ProviderKind, Vec<(&str, u32)>)> = config
        .declared
        .providers
        .iter()
        .map(|p| (p.kind.unwrap(), p.base_urls.iter().map(|b| (b.url.as_str(), b.weight)).collect()))
        .collect();
    let expected = [
        (ProviderKind::Openai, vec![("https://api.openai.com/v1", 1)]),
        (ProviderKind::Anthropic, vec![("https://api.anthropic.com", 1)]),
        (ProviderKind::Gemini, vec![("https://generativelanguage.googleapis.com/v1beta", 1)]),
        (ProviderKind::Anthropic, vec![("https://api.anthropic.com", 1)]),
        (ProviderKind::OpenaiCompatible, vec![("http://one/v1", 1), ("http://two/v1", 3)]),
        (ProviderKind::Demo, vec![]),
        (ProviderKind::Azure, vec![("https://g.openai.azure.com", 1)]),
    ];
    assert_eq!(found, expected);
    assert_eq!(config.declared.providers[6].api_version.as_deref(), Some("2024-10-21"));
}

#[test]
fn vendors_and_clouds_need_no_address() {
    let yaml = "\
providers:
  - { name: a, kind: deepseek, keys: [k] }
  - { name: b, kind: qwen, keys: [k] }
  - { name: c, kind: vertex, keys: [k], models: [m] }
  - { name: d, kind: vertex, location: europe-west4, keys: [k], models: [m] }
  - { name: e, kind: vertex, location: eu, keys: [k], models: [m] }
  - { name: f, kind: bedrock, region: us-east-1, keys: [k], models: [m] }
  - { name: g, base_url: https://bedrock-runtime.eu-west-1.amazonaws.com, keys: ['{\"AccessKeyId\": \"a b\"}'], models: [m] }
  - { name: h, base_url: https://us-east5-aiplatform.googleapis.com, project: p, keys: [k], models: [m] }
";
    let setup = Setup::new(yaml);
    assert_eq!(setup.warnings(), [""; 0]);
    let config = setup.load();
    let found: Vec<(&str, &str, Option<&str>)> = config
        .declared
        .providers
        .iter()
        .map(|p| {
            let place = p.location.as_deref().or(p.region.as_deref());
            (p.kind.unwrap().as_str(), p.base_urls[0].url.as_str(), place)
        })
        .collect();
    let expected = [
        ("deepseek", "https://api.deepseek.com", None),
        ("dashscope", "https://dashscope.aliyuncs.com/compatible-mode/v1", None),
        ("vertex", "https://aiplatform.googleapis.com", Some("global")),
        ("vertex", "https://europe-west4-aiplatform.googleapis.com", Some("europe-west4")),
        ("vertex", "https://aiplatform.eu.rep.googleapis.com", Some("eu")),
        ("bedrock", "https://bedrock-runtime.us-east-1.amazonaws.com", Some("us-east-1")),
        ("bedrock", "https://bedrock-runtime.eu-west-1.amazonaws.com", Some("eu-west-1")),
        ("vertex", "https://us-east5-aiplatform.googleapis.com", Some("us-east5")),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_service_account_comes_from_its_own_file() {
    let yaml = "providers: [{ name: a, kind: vertex, keys_file: sa.json, models: [m] }]\n";
    let account = "{\n  \"client_email\": \"a@b\",\n  \"private_key\": \"-----BEGIN PRIVATE KEY-----\"\n}\n";
    let config = Setup::new(yaml).file("sa.json", account).load();
    assert_eq!(config.declared.providers[0].keys, [Secret::from(account.trim()).into()]);
}

#[test]
fn secrets_come_from_files_beside_the_configuration() {
    let yaml = "\
database: { url_file: db.txt }
security: { secret_key_file: secret.txt, admin_email: a@b.example, admin_password_file: password.txt }
providers:
  - { name: a, base_url: http://a/v1, keys: [k0], keys_file: keys.txt }
access_keys:
  - { name: ci, key_file: ci.txt }
";
    let setup = Setup::new(yaml)
        .file("db.txt", "postgres://u:p@h/d\n")
        .file("secret.txt", "\ns3cret\n")
        .file("password.txt", "hunter2\n")
        .file("keys.txt", "k1\nk0\nk2\n")
        .file("ci.txt", "rh-1\n");
    let config = setup.load();
    assert_eq!(config.database.url.expose(), "postgres://u:p@h/d");
    assert_eq!(config.security.secret_key.as_ref().unwrap().expose(), "s3cret");
    assert_eq!(config.security.admin_password.as_ref().unwrap().expose(), "hunter2");
    let keys: Vec<&str> = config.declared.providers[0].keys.iter().map(|key| key.key.expose()).collect();
    assert_eq!(keys, ["k0", "k1", "k2"]);
    assert_eq!(config.declared.access_keys[0].key.as_ref().unwrap().expose(), "rh-1");
    let mut watched = config.watched;
    watched.sort();
    let mut expected: Vec<_> =
        ["roundhouse.yaml", "db.txt", "secret.txt", "password.txt", "keys.txt", "ci.txt"]
            .map(|name| setup.path(name))
            .to_vec();
    expected.sort();
    assert_eq!(watched, expected);
}

#[test]
fn a_variable_beats_the_files_secret_file() {
    let setup = Setup::new("security: { encryption_key_file: none.txt }\n").env("ENCRYPTION_KEY", "k3y");
    assert_eq!(setup.load().security.encryption_key.unwrap().expose(), "k3y");
}

#[test]
fn doubtful_declarations_are_warned_about() {
    let yaml = "\
providers:
  - { name: a, kind: openai }
  - { name: b, base_url: http://b/v1, keys_file: keys.txt, models: [m, m] }
  - { name: c, kind: vertex, region: x, keys: [k] }
access_keys:
  - { name: ci, key: k, models: [\"bb/*\"] }
";
    let setup = Setup::new(yaml).file("keys.txt", "# none yet\n");
    assert_eq!(
        setup.warnings(),
        [
            "roundhouse.yaml:2: providers[0]: has no key; requests go out without a credential",
            "roundhouse.yaml:3: providers[1].keys_file: holds no key",
            "roundhouse.yaml:3: providers[1].models[1]: `m` is listed twice; once is enough",
            "roundhouse.yaml:4: providers[2].region: has no effect for the kind `vertex`",
            "roundhouse.yaml:4: providers[2]: `vertex` cannot be asked for its models: name them in `models`, or it is asked for every model that nobody offers",
            "roundhouse.yaml:6: access_keys[0].models[0]: no provider is named `bb` here; did you mean `b`?",
        ]
    );
    assert_eq!(setup.load().declared.providers[1].models.as_ref().unwrap().len(), 1);
}

#[test]
fn long_chains_of_fallbacks_are_checked() {
    let mut yaml = "routes:\n".to_owned();
    for route in 0..20_000 {
        writeln!(yaml, "  - {{ model: m{route}, fallbacks: [m{}] }}", route + 1).unwrap();
    }
    assert_eq!(Setup::new(&yaml).load().declared.routes.len(), 20_000);
}

#[test]
fn keys_have_settings_where_they_need_some() {
    let yaml = "\
providers:
  - name: a
    base_url: http://a/v1
    key_limits: { concurrent: 4 }
    keys:
      - plain
      - { key: \"${TOKEN}\", weight: 30, limits: { requests_per_minute: 60 }, proxy: socks5://p:1080, note: of Bob, tags: [free] }
";
    let config = Setup::new(yaml).env("TOKEN", "4711").load();
    let provider = &config.declared.providers[0];
    assert_eq!(provider.key_limits.concurrent, Some(4));
    assert_eq!(provider.keys[0], Secret::from("plain").into());
    assert_eq!(provider.keys[1].key.expose(), "4711");
    let settings = provider.keys[1].settings.as_ref().unwrap();
    assert_eq!((settings.weight, settings.limits.requests_per_minute), (30, Some(60)));
    assert_eq!(
        (settings.note.as_str(), settings.tags.as_slice()),
        ("of Bob", ["free".to_owned()].as_slice())
    );
}
