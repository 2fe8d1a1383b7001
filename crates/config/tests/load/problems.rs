//! Every mistake has its line and says what to do.

use crate::support::{Setup, problems};

#[test]
fn ten_mistakes_are_ten_problems_on_the_right_lines() {
    let yaml = "\
server:
  lisen: 0.0.0.0:80
  max_header_bytes: 10
log:
  level: inof
gateway:
  max_attempts: -1
  timeouts: { connect: soon }
providers:
  - name: Open AI
    base_url: api.openai.com
    wieght: 3
  - name: azure
    kind: azure
access_keys:
  - name: ci
routes:
  - model: gpt-4o
    tiers: [[{ provider: azur, model: gpt }]]
";
    assert_eq!(
        problems(yaml),
        [
            "roundhouse.yaml:2: server.lisen: unknown field; did you mean `listen`?",
            "roundhouse.yaml:3: server.max_header_bytes: must be at least 8192",
            "roundhouse.yaml:5: log.level: expected one of trace, debug, info, warn, error; did you mean `info`?",
            "roundhouse.yaml:7: gateway.max_attempts: must be at least 1",
            "roundhouse.yaml:8: gateway.timeouts.connect: expected a length of time: 500ms, 30s, 5m, 6h, 7d, or a number of seconds",
            "roundhouse.yaml:10: providers[0].name: expected a-z, 0-9, - and _; at most 100 characters",
            "roundhouse.yaml:12: providers[0].wieght: unknown field; did you mean `weight`?",
            "roundhouse.yaml:13: providers[1].base_url: must be given for the kind `azure`",
            "roundhouse.yaml:16: access_keys[0].key: must be given, or `key_file`",
            "roundhouse.yaml:19: routes[0].tiers[0][0].provider: no provider is named `azur`; did you mean `azure`?",
        ]
    );
}

/// Expects one problem of each file.
fn expect(cases: &[(String, &str)]) {
    for (yaml, expected) in cases {
        assert_eq!(problems(yaml), [format!("roundhouse.yaml:{expected}")], "{yaml}");
    }
}

fn provider(rest: &str) -> String {
    format!("providers:\n  - name: a\n{rest}")
}

fn access_key(rest: &str) -> String {
    format!("access_keys:\n  - name: a\n{rest}")
}

fn with_a(rest: &str) -> String {
    format!("providers: [{{ name: a, base_url: \"http://a/v1\" }}]\n{rest}")
}

#[test]
fn wrong_settings_are_explained() {
    expect(&[
        ("serve: {}".to_owned(), "1: serve: unknown field; did you mean `server`?"),
        ("log: { colour: red }".to_owned(), "1: log.colour: unknown field; known here: level, format, file"),
        ("server: 8080".to_owned(), "1: server: expected a group of fields, found a number"),
        ("server: { metrics: maybe }".to_owned(), "1: server.metrics: expected true or false, found text"),
        (
            "gateway: { max_attempts: many }".to_owned(),
            "1: gateway.max_attempts: expected a whole number, found text",
        ),
        ("gateway: { max_attempts: 0 }".to_owned(), "1: gateway.max_attempts: must be at least 1"),
        (
            "gateway: { max_concurrent_requests: 5000000000 }".to_owned(),
            "1: gateway.max_concurrent_requests: must be at most 4294967295",
        ),
        (
            "gateway: { keepalive_interval: -1 }".to_owned(),
            "1: gateway.keepalive_interval: must be at least 0",
        ),
        (
            "gateway: { keepalive_interval: [1] }".to_owned(),
            "1: gateway.keepalive_interval: expected text or a number, found a list",
        ),
        ("gateway: { timeouts: { total: 0 } }".to_owned(), "1: gateway.timeouts.total: must be more than 0"),
        ("telemetry: { sample_ratio: 1.5 }".to_owned(), "1: telemetry.sample_ratio: must be at most 1.0"),
        (
            "server: { trusted_proxies: [ten] }".to_owned(),
            "1: server.trusted_proxies[0]: expected an IP address or network such as 10.0.0.0/8",
        ),
        (
            "server: { listen: \"http://a:80\" }".to_owned(),
            "1: server.listen: expected an address and port such as 0.0.0.0:8080",
        ),
        (
            "server: { public_url: example.com }".to_owned(),
            "1: server.public_url: expected an address that begins with https:// or http://",
        ),
        (
            "server: { cors_origins: [\"https://a.example/app\"] }".to_owned(),
            "1: server.cors_origins[0]: expected an origin such as https://app.example.com, without a path, or `*`",
        ),
        (
            "server: { allowed_hosts: [\"https://a.example\"] }".to_owned(),
            "1: server.allowed_hosts[0]: expected a host name such as llm.example.com, without https://",
        ),
        (
            "database: { url: \"mysql://a:secret@b/c\" }".to_owned(),
            "1: database.url: expected sqlite://relative/path.db, sqlite:////absolute/path.db or postgres://user:password@host/database",
        ),
        (
            "redis: { url: localhost }".to_owned(),
            "1: redis.url: expected an address such as redis://host:6379/0",
        ),
        (
            "security: { admin_email: a@b.example }".to_owned(),
            "1: security.admin_email: needs `admin_password` (ROUNDHOUSE_ADMIN_PASSWORD) too",
        ),
        (
            "log: { file: \"${NOWHERE}/log\" }".to_owned(),
            "1: log.file: the environment variable `NOWHERE` is not set; set it, or write `${NOWHERE:-default}`",
        ),
        (
            "log:\n  level: info\n  level: warn".to_owned(),
            "3: log.level: given twice; the first is on line 2: remove one of them",
        ),
    ]);
}

#[test]
fn wrong_providers_are_explained() {
    expect(&[
        ("providers: { name: a }".to_owned(), "1: providers: expected a list, found a group of fields"),
        ("providers: [a]".to_owned(), "1: providers[0]: expected a group of fields, found text"),
        (
            "providers:\n  - base_url: http://a/v1".to_owned(),
            "2: providers[0].name: must be given, but is missing",
        ),
        (
            provider("    kind: opnai"),
            "3: providers[0].kind: expected one of openai, openai-responses, openai-compatible, deepseek, dashscope, moonshot, zhipu, volcengine, minimax, siliconflow, mistral, groq, xai, openrouter, together, fireworks, perplexity, cloudflare, ollama, vllm, llama-cpp, azure, anthropic, gemini, vertex, bedrock, cohere, voyage, jina, demo; did you mean `openai`?",
        ),
        (
            provider("    tier: 0"),
            "2: providers[0].kind: cannot be told without an address; give `kind` or `base_url`",
        ),
        (
            provider("    kind: openai-compatible"),
            "2: providers[0].base_url: must be given for the kind `openai-compatible`",
        ),
        (provider("    kind: bedrock"), "2: providers[0].region: must be given, since no base URL tells it"),
        (
            provider("    kind: vertex\n    location: a/b"),
            "4: providers[0].location: takes letters, digits, `-`, `.`, `:` and `_` only",
        ),
        (
            provider("    kind: vertex\n    keys: ['{\"type\": \"service_account\"}']"),
            "4: providers[0].keys[0]: a key that begins with `{` must be the JSON of a service account or of AWS credentials, on one line",
        ),
        (
            provider("    base_url: http://a\n    dialects: [chat, mesages]"),
            "4: providers[0].dialects[1]: expected one of chat, completions, responses, messages, gemini; did you mean `messages`?",
        ),
        (
            provider("    base_url: ftp://a"),
            "3: providers[0].base_url: expected an address that begins with https:// or http://",
        ),
        (
            provider("    base_url: http://u:secret@a"),
            "3: providers[0].base_url: an address must not hold a user or password; put credentials where they are asked for",
        ),
        (
            provider("    base_url: http://a\n    base_urls: [{ url: http://b }]"),
            "4: providers[0].base_urls: give `base_url` or `base_urls`, not both",
        ),
        (
            provider("    base_urls:\n      - { url: http://a, weight: 0 }"),
            "3: providers[0].base_urls: every weight is 0, so nothing would be used; raise one",
        ),
        (
            provider("    base_url: http://a\n    weight: 1000001"),
            "4: providers[0].weight: must be at most 1000000",
        ),
        (provider("    base_url: http://a\n    weight: -1"), "4: providers[0].weight: must be at least 0"),
        (
            provider("    base_url: http://a\n    models: [{ nam: x, name: y }]"),
            "4: providers[0].models[0].nam: unknown field; did you mean `name`?",
        ),
        (
            provider("    base_url: http://a\n    models: [[x]]"),
            "4: providers[0].models[0]: expected text or a group of fields, found a list",
        ),
        (
            provider("    base_url: http://a\n    models: [\"\"]"),
            "4: providers[0].models[0]: a model's name must not be empty",
        ),
        (
            provider("    base_url: http://a\n    headers: { \"a b\": c }"),
            "4: providers[0].headers.a b: not a header's name: use letters, digits and `-`",
        ),
        (
            provider("    base_url: http://a\n    proxy: ftp://secret"),
            "4: providers[0].proxy: expected an address such as http://proxy:3128 or socks5://user:password@proxy:1080",
        ),
        (
            provider("    base_url: http://a\n    keys_file: none.txt"),
            "4: providers[0].keys_file: cannot read none.txt: there is no such file",
        ),
        (
            provider("    base_url: http://a\n    keys: [\"a b\"]"),
            "4: providers[0].keys[0]: a key takes printable ASCII characters only, without spaces",
        ),
        (
            provider("    base_url: http://a\n    timeouts: { idle: 0s }"),
            "4: providers[0].timeouts.idle: must be more than 0",
        ),
    ]);
}

#[test]
fn wrong_pools_are_explained() {
    expect(&[
        (
            with_a("pools: [{ name: a, providers: [{ provider: a }] }]"),
            "2: pools[0].name: `a` is taken by providers[0].name; choose another name",
        ),
        (with_a("pools: [{ name: p, providers: [] }]"), "2: pools[0].providers: needs at least one entry"),
        (
            with_a("pools: [{ name: p, providers: [{ provider: b }] }]"),
            "2: pools[0].providers[0].provider: no provider is named `b`; did you mean `a`?",
        ),
        (
            with_a("pools: [{ name: p, providers: [{ provider: a, weight: 0 }] }]"),
            "2: pools[0].providers: every weight is 0, so nothing would be used; raise one",
        ),
        (
            with_a("pools: [{ name: p, providers: [{ provider: a }, { provider: a }] }]"),
            "2: pools[0].providers[1].provider: `a` is in the pool twice; add up the weights",
        ),
    ]);
}

#[test]
fn wrong_routes_are_explained() {
    expect(&[
        (with_a("routes: [{ model: m }]"), "2: routes[0].tiers: needs at least one tier, or `fallbacks`"),
        (
            with_a("routes: [{ model: m, tiers: [[]] }]"),
            "2: routes[0].tiers[0]: an empty tier serves nothing; give it a target or remove it",
        ),
        (
            with_a("routes: [{ model: m, tiers: [[{ provider: a, model: m, weight: 0 }]] }]"),
            "2: routes[0].tiers[0]: every weight is 0, so nothing would be used; raise one",
        ),
        (
            with_a("routes: [{ model: m, strategy: fastest, fallbacks: [n] }]"),
            "2: routes[0].strategy: expected one of weighted, round_robin, least_busy, lowest_latency, random, ordered",
        ),
        (
            with_a("routes:\n  - { model: m, fallbacks: [x] }\n  - { model: m, fallbacks: [y] }"),
            "4: routes[1].model: `m` is taken by routes[0].model; choose another name",
        ),
        (
            with_a("routes:\n  - { model: m, fallbacks: [n] }\n  - { model: n, fallbacks: [o, m] }"),
            "3: routes[0].fallbacks: fallbacks go in a circle (m -> n -> m); remove one",
        ),
        (
            with_a("routes: [{ model: m, fallbacks: [m] }]"),
            "2: routes[0].fallbacks: fallbacks go in a circle (m -> m); remove one",
        ),
    ]);
}

#[test]
fn wrong_access_keys_are_explained() {
    expect(&[
        (access_key("    key: \"\""), "3: access_keys[0].key: must not be empty"),
        (
            access_key("    key_file: none"),
            "3: access_keys[0].key_file: cannot read none: there is no such file",
        ),
        (
            access_key("    key: k1\n    key_file: k"),
            "4: access_keys[0].key_file: give `key` or `key_file`, not both",
        ),
        (
            access_key("    key: k1\n    limits: { concurrent: -3 }"),
            "4: access_keys[0].limits.concurrent: must be at least 1",
        ),
        (
            access_key("    key: k1\n    expires_at: soon"),
            "4: access_keys[0].expires_at: expected a time such as 2026-12-31T23:59:59Z",
        ),
        (
            access_key("    key: k1\n  - name: a\n    key: k2"),
            "4: access_keys[1].name: `a` is taken by access_keys[0].name; choose another name",
        ),
        (
            access_key("    key: k1\n  - name: b\n    key: k1"),
            "5: access_keys[1].key: access_keys[0] has the same credential; give each its own",
        ),
    ]);
}

#[test]
fn no_problem_holds_a_secret() {
    let yaml = "\
database: { url: \"mysql://user:hunter2@host/db\" }
redis: { url: hunter2 }
security: { secret_key: [hunter2], encryption_key: { hunter2: 1 }, admin_password: hunter2 }
providers:
  - { name: a, base_url: \"https://user:hunter2@a/v1\", keys: [\"hunter2 \\x01\", [hunter2]], proxy: \"hunter2\" }
  - { name: b, base_url: \"https://a/v1?key=hunter2\", keys: hunter2 }
  - { name: c, base_url: \"https://hunter2 /v1\" }
access_keys:
  - { name: a, key: hunter2 }
  - { name: b, key: hunter2 }
  - { name: c, key: \"hunter2 hunter2\" }
";
    let problems = problems(yaml);
    assert!(problems.len() >= 10, "{problems:#?}");
    // The names of fields are shown, and one of them here is the secret's text on purpose.
    let shown =
        problems.iter().filter(|problem| problem.contains("hunter2") && !problem.contains("encryption_key"));
    assert_eq!(shown.count(), 0, "{problems:#?}");
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let mut setup = Setup::new("");
    setup.sources.file = Some(setup.path("other.yaml"));
    assert_eq!(setup.problems(), ["other.yaml: cannot read other.yaml: there is no such file"]);
    setup.sources.file = Some(setup.folder().to_owned());
    assert!(setup.try_load().unwrap_err().to_string().ends_with("it is a folder"));
    let setup = Setup::new("");
    std::fs::write(setup.path("roundhouse.yaml"), b"a: b\nc: \xff\n").unwrap();
    assert_eq!(
        setup.problems(),
        ["roundhouse.yaml: cannot read roundhouse.yaml: line 2 is not UTF-8 text; save it as UTF-8"]
    );
}

#[test]
fn a_file_beyond_the_limit_is_refused() {
    let setup = Setup::new(&" ".repeat((16 << 20) + 1));
    assert_eq!(setup.problems(), ["roundhouse.yaml: cannot read roundhouse.yaml: it is larger than 16 MiB"]);
}

#[test]
fn thousands_of_problems_are_told_as_one_thousand() {
    let wrong = "  - { name: A, kin: b }\n".repeat(2_000);
    let problems = problems(&format!("providers:\n{wrong}"));
    assert_eq!(problems.len(), 1_001);
    assert_eq!(problems[1_000], "roundhouse.yaml: and 3000 more");
}

#[test]
fn settings_of_keys_are_checked() {
    let yaml = "\
providers:
  - name: a
    base_url: http://a/v1
    keys:
      - { key: k, wieght: 3 }
      - { key: k2, limits: { requests_per_minute: 0 } }
      - { weight: 3 }
";
    assert_eq!(
        problems(yaml),
        [
            "roundhouse.yaml:5: providers[0].keys[0].wieght: unknown field; did you mean `weight`?",
            "roundhouse.yaml:6: providers[0].keys[1].limits.requests_per_minute: must be at least 1",
            "roundhouse.yaml:7: providers[0].keys[2].key: must be given, but is missing",
        ]
    );
    let yaml = "\
providers:
  - name: a
    base_url: http://a/v1
    keys: [{ key: k, proxy: nowhere }]
";
    assert_eq!(
        problems(yaml),
        [
            "roundhouse.yaml:4: providers[0].keys[0].proxy: expected an address such as http://proxy:3128 or socks5://user:password@proxy:1080"
        ]
    );
}
