//! What YAML can hold, meant well or not.

use std::fmt::Write;

use roundhouse_domain::spec::Span;

use crate::support::{Setup, problems};

#[test]
fn an_empty_file_gives_the_defaults() {
    for yaml in ["", "# nothing yet\n", "---\n", "server:\nproviders:\n"] {
        let config = Setup::new(yaml).load();
        assert_eq!(config.server.listen, "0.0.0.0:8080", "{yaml:?}");
        assert_eq!(config.database.url.expose(), "sqlite://data/roundhouse.db");
        assert_eq!(config.requests.flush_interval, Span::millis(500));
        assert!(config.declared.providers.is_empty());
        assert_eq!(config.warnings, Vec::<String>::new());
    }
}

#[test]
fn broken_syntax_names_the_line() {
    let problems = problems("server:\n  listen: \"0.0.0.0:80\n");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].contains(": not valid YAML: "), "{problems:?}");
    assert!(problems[0].starts_with("roundhouse.yaml:"), "{problems:?}");
}

#[test]
fn the_file_must_be_one_group_of_fields() {
    assert_eq!(problems("- a\n"), ["roundhouse.yaml:1: expected fields such as `providers:` at the top"]);
    assert_eq!(problems("just text"), ["roundhouse.yaml:1: expected fields such as `providers:` at the top"]);
    assert_eq!(
        problems("demo: true\n---\ndemo: true\n"),
        ["roundhouse.yaml:2: a second document begins here; put everything into one"]
    );
}

#[test]
fn numbers_are_texts_where_only_texts_may_stand() {
    let yaml = "\
providers:
  - { name: 360, base_url: http://a/v1, keys: [12345, 0012, true], models: [4.10, { name: 0123, as: 7 }] }
access_keys:
  - { name: 1, key: 1e5 }
";
    let config = Setup::new(yaml).load();
    let provider = &config.declared.providers[0];
    assert_eq!(provider.name.as_str(), "360");
    let keys: Vec<&str> = provider.keys.iter().map(|key| key.key.expose()).collect();
    assert_eq!(keys, ["12345", "0012", "true"]);
    let models: Vec<(&str, &str)> =
        provider.models.iter().flatten().map(|model| (model.name.as_str(), model.public())).collect();
    assert_eq!(models, [("4.10", "4.10"), ("0123", "7")]);
    assert_eq!(config.declared.access_keys[0].key.as_ref().unwrap().expose(), "1e5");
}

#[test]
fn free_fields_keep_their_types() {
    let yaml = "\
providers:
  - name: a
    base_url: http://a/v1
    body: { set: { temperature: 0.5, n: 1, user: \"1\", stop: null, deep: { on: true } } }
";
    let config = Setup::new(yaml).load();
    let set = serde_json::to_value(&config.declared.providers[0].body.set).unwrap();
    assert_eq!(
        set,
        serde_json::json!({ "temperature": 0.5, "n": 1, "user": "1", "stop": null, "deep": { "on": true } })
    );
}

#[test]
fn anchors_aliases_and_merge_keys_work() {
    let yaml = "\
providers:
  - &base
    name: a
    base_url: http://a/v1
    headers: { x-team: \"{{access_key}}\" }
    timeouts: &slow { first_byte: 5m }
  - <<: *base
    name: b
    timeouts: *slow
";
    let config = Setup::new(yaml).load();
    let [a, b] = &config.declared.providers[..] else { panic!("two providers") };
    assert_eq!((a.name.as_str(), b.name.as_str()), ("a", "b"));
    assert_eq!(a.base_urls[0].url, b.base_urls[0].url);
    assert_eq!(b.headers["x-team"], "{{access_key}}");
    assert_eq!(b.timeouts.first_byte, Some(Span::secs(300)));
}

#[test]
fn aliases_cannot_blow_up_the_file() {
    let mut yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(yaml, "a{level}: &a{level} [{items}]").unwrap();
    }
    let problems = problems(&yaml);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].ends_with("anchors and aliases repeat more than 100000 values"), "{problems:?}");
}

#[test]
fn deep_nesting_is_refused() {
    for open in ["[", "{a: ", "- "] {
        let problems = problems(&format!("a:\n  {}", open.repeat(100)));
        assert_eq!(problems.len(), 1);
        assert!(problems[0].ends_with("more than 64 levels inside each other"), "{problems:?}");
        let problems = Setup::new(&format!("a:\n  {}", open.repeat(100_000))).problems();
        assert_eq!(problems.len(), 1);
    }
}

#[test]
fn variables_are_expanded_and_typed() {
    let yaml = "\
server: { listen: \"${BIND:-127.0.0.1}:${PORT_HERE}\", max_header_bytes: \"${HEAD}\" }
gateway:
  max_attempts: ${ATTEMPTS:-5}
  affinity: ${AFFINITY:-false}
providers:
  - { name: a, base_url: http://a/v1, keys: [\"${KEY}\", \"${UNSET:-}\"], headers: { x-cost: \"$$5 {{model}}\" } }
";
    let setup = Setup::new(yaml).env("PORT_HERE", "9000").env("HEAD", "10000").env("KEY", "4711");
    let config = setup.load();
    assert_eq!(config.server.listen, "127.0.0.1:9000");
    assert_eq!(config.server.max_header_bytes, 10_000);
    assert_eq!((config.gateway.max_attempts, config.gateway.affinity), (5, false));
    assert_eq!(config.declared.providers[0].keys.len(), 1);
    assert_eq!(config.declared.providers[0].keys[0].key.expose(), "4711");
    assert_eq!(config.declared.providers[0].headers["x-cost"], "$5 {{model}}");
    assert_eq!(setup.warnings(), ["roundhouse.yaml:6: providers[0].keys[1]: is empty and therefore ignored"]);
}

#[test]
fn a_variable_that_wants_quotes_says_so() {
    let problems = problems("server: { listen: ${LISTEN} }\n");
    assert_eq!(problems.len(), 1);
    assert!(problems[0].ends_with("; put texts with `${` or `{{` in quotes"), "{problems:?}");
}

#[test]
fn the_contracts_example_loads() {
    let yaml = "\
server:   { listen: 0.0.0.0:8080, public_url: https://llm.example.com }
database: { url: sqlite://data/roundhouse.db }
redis:    { url: redis://host:6379/0 }
providers:
  - name: openai
    kind: openai
    base_url: https://api.openai.com/v1
    keys: [\"${OPENAI_API_KEY}\"]
    models: [gpt-4o, { name: gpt-4o-mini-2024-07-18, as: gpt-4o-mini }]
    tier: 0
    weight: 10
  - { name: azure, base_url: https://me.openai.azure.com, keys: [k] }
  - { name: openrouter, base_url: https://openrouter.ai/api/v1, keys: [k] }
routes:
  - model: gpt-4o
    strategy: weighted
    tiers:
      - [{ provider: openai, model: gpt-4o, weight: 3 }, { provider: azure, model: my-gpt-4o, weight: 1 }]
      - [{ provider: openrouter, model: openai/gpt-4o }]
access_keys:
  - name: ci
    key: \"${CI_KEY}\"
    models: [all]
    limits: { requests_per_minute: 600, tokens_per_minute: 100000, concurrent: 50, usd_per_day: 5, usd_per_month: 50 }
";
    let config = Setup::new(yaml).env("OPENAI_API_KEY", "sk-1").env("CI_KEY", "rh-1").load();
    assert_eq!(config.declared.providers.len(), 3);
    assert_eq!(config.declared.routes[0].tiers.len(), 2);
    assert_eq!(config.declared.access_keys[0].limits.usd_per_day, Some(5.0));
    let told: Vec<_> = config
        .warnings
        .iter()
        .map(|it| it.rsplit_once("access_keys").map_or(&**it, |(_, rest)| rest))
        .collect();
    assert_eq!(told, ["OPENAI_API_KEY: ignored, since the file declares `openai` under `providers`"]);
}
