//! File, then environment, then flags; and the names that people's files already have.

use std::path::{Path, PathBuf};

use roundhouse_config::{Config, LogFormat, LogLevel};
use roundhouse_domain::spec::{CacheStore, ProviderKind, ProviderSpec, Span};

use crate::support::Setup;

fn provider<'a>(config: &'a Config, name: &str) -> &'a ProviderSpec {
    let [provider] = &config.declared.providers[..] else { panic!("one provider") };
    assert_eq!(provider.name.as_str(), name);
    provider
}

fn keys(provider: &ProviderSpec) -> Vec<&str> {
    provider.keys.iter().map(|key| key.key.expose()).collect()
}

#[test]
fn flags_beat_variables_and_variables_beat_the_file() {
    let yaml = "server: { listen: 1.1.1.1:1 }\ndata_dir: from-file\n";
    let mut setup = Setup::new(yaml);
    assert_eq!(setup.load().server.listen, "1.1.1.1:1");
    setup = setup.env("PORT", "2");
    assert_eq!(setup.load().server.listen, "1.1.1.1:2");
    setup = setup.env("ROUNDHOUSE_SERVER__LISTEN", "3.3.3.3:3").env("ROUNDHOUSE_DATA_DIR", "from-variable");
    let config = setup.load();
    assert_eq!(
        (config.server.listen.as_str(), config.data_dir.as_path()),
        ("3.3.3.3:3", Path::new("from-variable"))
    );
    setup.sources.flags.listen = Some("4".to_owned());
    setup.sources.flags.data_dir = Some(PathBuf::from("from-flag"));
    let config = setup.load();
    assert_eq!(
        (config.server.listen.as_str(), config.data_dir.as_path()),
        ("0.0.0.0:4", Path::new("from-flag"))
    );
    assert_eq!(config.database.url.expose(), "sqlite://from-flag/roundhouse.db");
}

#[test]
fn every_setting_has_a_variable() {
    let config = Setup::new("")
        .env("ROUNDHOUSE_DATABASE__MAX_CONNECTIONS", "7")
        .env("ROUNDHOUSE_SERVER__CORS_ORIGINS", "*")
        .env("ROUNDHOUSE_SERVER__ALLOWED_HOSTS", "[a.example, \"b.example\"]")
        .env("ROUNDHOUSE_SERVER__TRUSTED_PROXIES", "10.0.0.0/8, ::1")
        .env("ROUNDHOUSE_SERVER__METRICS", "off")
        .env("ROUNDHOUSE_GATEWAY__TIMEOUTS__TOTAL", "5m")
        .env("ROUNDHOUSE_GATEWAY__BREAKER__FAILURES", "9")
        .env("ROUNDHOUSE_GATEWAY__PROVIDER_FAULT_TEXTS", "[\"a, b\", \"c\"]")
        .env("ROUNDHOUSE_SECURITY__SECRET_KEY", "a: b # c")
        .env("ROUNDHOUSE_TELEMETRY__SAMPLE_RATIO", "0.25")
        .env("ROUNDHOUSE_REQUESTS__RETENTION", "")
        .load();
    assert_eq!(config.database.max_connections, 7);
    assert_eq!(config.server.cors_origins, ["*"]);
    assert_eq!(config.server.allowed_hosts, ["a.example", "b.example"]);
    assert_eq!(config.server.trusted_proxies.len(), 2);
    assert!(!config.server.metrics);
    assert_eq!(config.gateway.timeouts.total, Some(Span::secs(300)));
    assert_eq!(config.gateway.breaker.failures, 9);
    assert_eq!(config.gateway.provider_fault_texts, ["a, b", "c"]);
    assert_eq!(config.security.secret_key.unwrap().expose(), "a: b # c");
    assert!((config.telemetry.sample_ratio - 0.25).abs() < f64::EPSILON);
    assert_eq!(config.requests.retention, Span::secs(30 * 86_400));
}

#[test]
fn wrong_variables_are_problems_by_name() {
    let setup = Setup::new("")
        .env("ROUNDHOUSE_SERVER__LISTENN", "x")
        .env("ROUNDHOUSE_COLOUR__OF__THE_DOOR", "red")
        .env("ROUNDHOUSE_GATEWAY__MAX_ATTEMPTS", "many")
        .env("ROUNDHOUSE_SERVER__METRICS", "maybe")
        .env("PORT", "http")
        .env("LOG_LEVEL", "loud")
        .env("REQUEST_TIMEOUT", "-5")
        .env("MAX_KEY_RETRIES", "few")
        .env("OPENAI_API_KEY", "sk-1")
        .env("OPENAI_BASE_URL", "api.openai.com");
    let mut problems = setup.problems();
    problems.sort();
    assert_eq!(
        problems,
        [
            "LOG_LEVEL: expected one of trace, debug, info, warn, error",
            "MAX_KEY_RETRIES: expected a whole number",
            "OPENAI_API_KEY: base_url: expected an address that begins with https:// or http://",
            "PORT: expected an address and port such as 0.0.0.0:8080",
            "REQUEST_TIMEOUT: expected a length of time: 500ms, 30s, 5m, 6h, 7d, or a number of seconds",
            "ROUNDHOUSE_COLOUR__OF__THE_DOOR: no such setting; `docs/configuration.md` lists all",
            "ROUNDHOUSE_GATEWAY__MAX_ATTEMPTS: expected a whole number, found text",
            "ROUNDHOUSE_SERVER__LISTENN: no such setting; did you mean `ROUNDHOUSE_SERVER__LISTEN`?",
            "ROUNDHOUSE_SERVER__METRICS: expected true or false, found text",
        ]
    );
}

#[test]
fn the_names_of_other_programs_files_work() {
    let config = Setup::new("")
        .env("HOST", "127.0.0.1")
        .env("PORT", "8000")
        .env("DATABASE_URL", "sqlite:////abs/path.db")
        .env("REDIS_URL", "redis://cache:6379/0")
        .env("SECRET_KEY", "s3cret")
        .env("ENCRYPTION_KEY", "k3y")
        .env("LOG_LEVEL", "WARNING")
        .env("LOG_FORMAT", "JSON")
        .env("LOG_FILE", "logs/app.log")
        .env("CORS_ORIGINS", "http://localhost:3000,https://a.example")
        .env("ALLOWED_HOSTS", "[\"*\"]")
        .env("ENABLE_METRICS", "True")
        .env("METRICS_PORT", "9090")
        .env("ACCESS_TOKEN_EXPIRE_MINUTES", "15")
        .env("HEALTH_CHECK_INTERVAL", "90")
        .env("MAX_CONCURRENT_REQUESTS", "80")
        .env("REQUEST_TIMEOUT", "30")
        .env("OTEL_SERVICE_NAME", "llm")
        .load();
    assert_eq!(config.server.listen, "127.0.0.1:8000");
    assert_eq!(config.server.metrics_listen.as_deref(), Some("127.0.0.1:9090"));
    assert_eq!(config.database.url.expose(), "sqlite:///abs/path.db");
    assert_eq!(config.redis.url.unwrap().expose(), "redis://cache:6379/0");
    assert_eq!(config.security.secret_key.unwrap().expose(), "s3cret");
    assert_eq!(config.security.encryption_key.unwrap().expose(), "k3y");
    assert_eq!((config.log.level, config.log.format), (LogLevel::Warn, LogFormat::Json));
    assert_eq!(config.log.file, Some(PathBuf::from("logs/app.log")));
    assert_eq!(config.server.cors_origins, ["http://localhost:3000", "https://a.example"]);
    assert!(config.server.allowed_hosts.is_empty() && config.server.metrics);
    assert_eq!(config.security.access_token_ttl, Span::secs(900));
    assert_eq!(config.health.interval, Span::secs(90));
    assert_eq!(config.gateway.max_concurrent_requests, 80);
    assert_eq!(config.gateway.timeouts.total, Some(Span::secs(30)));
    assert_eq!(config.telemetry.service_name, "llm");
    assert_eq!(config.warnings, Vec::<String>::new());
}

#[test]
fn a_name_of_ours_beats_everybodys() {
    let config = Setup::new("")
        .env("ENCRYPTION_KEY", "theirs")
        .env("ROUNDHOUSE_ENCRYPTION_KEY", "ours")
        .env("LOG_LEVEL", "info")
        .env("DEBUG", "true")
        .load();
    assert_eq!(config.security.encryption_key.unwrap().expose(), "ours");
    assert_eq!(config.log.level, LogLevel::Debug);
}

#[test]
fn database_addresses_take_their_usual_forms() {
    let cases = [
        ("sqlite://data/a.db", "sqlite://data/a.db"),
        ("sqlite:///abs/a.db", "sqlite:///abs/a.db"),
        ("sqlite:////abs/a.db", "sqlite:///abs/a.db"),
        ("sqlite:///./data/a.db", "sqlite://./data/a.db"),
        ("postgres://u:p@h/d", "postgres://u:p@h/d"),
        ("postgresql+asyncpg://u:p@h/d", "postgresql://u:p@h/d"),
    ];
    for (given, expected) in cases {
        assert_eq!(Setup::new("").env("DATABASE_URL", given).load().database.url.expose(), expected);
    }
}

#[test]
fn what_has_no_effect_is_warned_about() {
    let setup = Setup::new("")
        .env("HOST", "x86_64-conda-linux-gnu")
        .env("CACHE_TYPE", "memcached")
        .env("LOG_FORMAT", "%(message)s")
        .env("KEY_FILE_PATH", "keys.txt")
        .env("ROUNDHOUSE_DEMOO", "1")
        .env("ROUNDHOUSE_PORT_80_TCP", "tcp://10.0.0.1:80");
    assert_eq!(
        setup.warnings(),
        [
            "LOG_FORMAT: ignored, since it is neither `text` nor `json`",
            "CACHE_TYPE: ignored, since it is neither `memory` nor `redis`",
            "HOST: ignored, since it is neither an IP address nor `localhost`",
            "ROUNDHOUSE_DEMOO: ignored; did you mean `ROUNDHOUSE_DEMO`?",
            "KEY_FILE_PATH: ignored; set MEGALLM_BASE_URL to the address its keys are for",
        ]
    );
    assert_eq!(setup.load().server.listen, "0.0.0.0:8080");
}

#[test]
fn letters_are_sent_by_the_names_that_people_have() {
    let setup = Setup::new("")
        .env("SMTP_HOST", "mail.example")
        .env("SMTP_PORT", "465")
        .env("SMTP_USERNAME", "ada")
        .env("SMTP_PASSWORD", "secret")
        .env("SMTP_FROM_EMAIL", "ada@mail.example");
    let smtp = setup.load().smtp;
    assert_eq!((smtp.host.as_deref(), smtp.port), (Some("mail.example"), Some(465)));
    assert_eq!((smtp.username.as_deref(), smtp.from.as_deref()), (Some("ada"), Some("ada@mail.example")));
    assert_eq!(smtp.encryption, Some(roundhouse_config::section::SmtpEncryption::Tls), "465 is TLS");
    assert_eq!(smtp.password.unwrap().expose(), "secret");
}

#[test]
fn the_cache_is_switched_on_by_the_names_that_people_have() {
    let config = Setup::new("").env("CACHE_ENABLED", "true").env("CACHE_TYPE", "simple").load();
    assert_eq!((config.gateway.cache.enabled, config.gateway.cache.store), (true, CacheStore::Memory));
    let setup = Setup::new("").env("CACHE_TYPE", "redis");
    assert_eq!(setup.load().gateway.cache.store, CacheStore::Redis);
    assert_eq!(setup.warnings(), ["CACHE_TYPE: there is no `redis.url`, so answers are kept in memory"]);
}

#[test]
fn openai_variables_make_a_provider() {
    let setup = Setup::new("").env("OPENAI_API_KEY", "sk-1, sk-2");
    let config = setup.load();
    let openai = provider(&config, "openai");
    assert_eq!(openai.kind, Some(ProviderKind::Openai));
    assert_eq!(openai.base_urls[0].url, "https://api.openai.com/v1");
    assert_eq!(keys(openai), ["sk-1", "sk-2"]);
    let config = setup.env("OPENAI_BASE_URL", "http://localhost:9/v1/").load();
    assert_eq!(provider(&config, "openai").base_urls[0].url, "http://localhost:9/v1");
}

#[test]
fn megallm_variables_make_a_provider_with_a_keys_file() {
    let mut setup = Setup::new("")
        .env("MEGALLM_BASE_URL", "https://llm.example/v1")
        .env("MEGALLM_TIMEOUT", "60")
        .env("MEGALLM_MAX_RETRIES", "2")
        .env("MAX_KEY_RETRIES", "5");
    setup.sources.flags.data_dir = Some(setup.folder().to_owned());
    let warnings = setup.warnings();
    assert_eq!(
        warnings,
        [
            "MEGALLM_BASE_URL: keys_file: cannot read keys.txt: there is no such file; its keys are used as soon as it is there"
        ]
    );
    assert!(setup.load().watched.contains(&setup.path("keys.txt")));

    let setup = setup.file("keys.txt", "# team keys\nk1\nk2 # bob\n\nk1\n");
    let config = setup.load();
    let megallm = provider(&config, "megallm");
    assert_eq!(megallm.kind, Some(ProviderKind::OpenaiCompatible));
    assert_eq!(keys(megallm), ["k1", "k2"]);
    assert_eq!(megallm.timeouts.first_byte, Some(Span::secs(60)));
    assert_eq!(config.gateway.max_attempts, 10);
    assert_eq!(config.warnings, ["MEGALLM_BASE_URL: keys given more than once: 1; each is used once"]);
}

#[test]
fn llm_variables_make_the_default_provider() {
    let config = Setup::new("")
        .env("LLM_API_URL", "https://llm.example/v1/chat/completions")
        .env("LLM_MODEL", "glm-4")
        .env("LLM_API_KEY", "k1")
        .load();
    let default = provider(&config, "default");
    assert_eq!(default.kind, Some(ProviderKind::OpenaiCompatible));
    assert_eq!(default.base_urls[0].url, "https://llm.example/v1");
    assert_eq!(default.models.as_ref().unwrap()[0].name, "glm-4");
    assert_eq!(
        config.warnings,
        ["LLM_API_URL: base_url: the endpoint's own path was cut off; write https://llm.example/v1"]
    );
}

#[test]
fn demo_and_access_key_need_one_variable_each() {
    let config = Setup::new("").env("ROUNDHOUSE_DEMO", "1").env("ROUNDHOUSE_ACCESS_KEY", "rh-1").load();
    assert!(config.demo);
    let demo = provider(&config, "demo");
    assert_eq!((demo.kind, demo.base_urls.len()), (Some(ProviderKind::Demo), 0));
    assert_eq!(demo.models.as_ref().unwrap().len(), 14);
    let key = &config.declared.access_keys[0];
    assert_eq!((key.name.as_str(), key.key.as_ref().unwrap().expose()), ("environment", "rh-1"));
    assert_eq!(config.warnings, Vec::<String>::new());
}

#[test]
fn the_environment_may_name_the_file() {
    let mut setup = Setup::new("").file("other.yaml", "demo: true\n");
    setup.sources.file = None;
    let other = setup.path("other.yaml");
    let setup = setup.env("ROUNDHOUSE_CONFIG", &other.to_string_lossy());
    let config = setup.load();
    assert!(config.demo);
    assert_eq!(config.watched, [other]);
}

#[test]
fn without_any_file_there_are_defaults_and_the_usual_name_is_watched() {
    let mut setup = Setup::new("");
    setup.sources.file = None;
    let config = setup.load();
    assert_eq!(config.watched, [PathBuf::from("roundhouse.yaml")]);
    assert_eq!(config.data_dir, PathBuf::from("data"));
}
