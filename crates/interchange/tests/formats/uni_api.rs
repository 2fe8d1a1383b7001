//! uni-api's `api.yaml`.

use roundhouse_domain::spec::ProviderKind;
use roundhouse_interchange::{Effective, Severity, uni_api};
use serde_json::json;

use crate::support::{accepted, entry, keys, note, skipped, variables};

const FILE: &str = r#"
providers:
  - provider: openai
    base_url: https://api.openai.com/v1/chat/completions
    api: ["${OPENAI_KEY}", sk-second-1234567890]
    model:
      - gpt-4o
      - gpt-4o-mini-2024-07-18: gpt-4o-mini
    preferences:
      headers: {X-Team: research}
      proxy: socks5://user:password@proxy.example:1080
      model_timeout: {gpt-4o-mini: 30, default: 90}
      api_key_rate_limit_cooldown_period: 3600
      api_key_rate_limit: "15/min,200/day"
      post_body_parameter_overrides:
        __remove__: [user, {path: metadata.secret}]
        store: false
        gpt-4o-mini: {temperature: 0}
  - provider: Claude Relay
    base_url: https://relay.example/v1/messages
    api: sk-ant-1234567890
    model: [claude-sonnet-4-5]
    tools: false
  - provider: vertex
    project_id: my-project
    client_email: bot@my-project.iam.gserviceaccount.com
    private_key: "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"
    engine: vertex-gemini
    region: europe-west1
    model: [gemini-2.5-pro]
  - provider: films
    engine: lingjing
    base_url: https://films.example
  - provider: bedrock
    base_url: https://bedrock-runtime.us-east-1.amazonaws.com
    aws_access_key: AKIAEXAMPLE
    aws_secret_key: "${NOT_SET}"
    engine: aws
    model: [{anthropic.claude-3-5-sonnet-20241022-v2:0: claude-3-5-sonnet}]
api_keys:
  - api: sk-admin-1234567890
    role: admin
  - api: sk-team-1234567890
    role: team
    model: [openai/*, Claude Relay/claude-sonnet-4-5, <org/model>, sk-other-1234567890/*]
    preferences:
      SCHEDULING_ALGORITHM: round_robin
      rate_limit: "15/min,100/day"
      credits: 10
  - api: sk-other-1234567890
    model: [gpt-4o-mini]
    preferences: {credits: 0}
preferences:
  cooldown_period: 60
  keepalive_interval: 99999
  model_timeout: {default: 120}
  model_price: {gpt-4o: "2.5,10", gpt-4o-mini: "0.15,0.6", default: "1,2"}
  rate_limit: 999999/min
  error_triggers: ["quota"]
"#;

#[test]
fn providers_keys_and_models_are_read() {
    let imported =
        uni_api::read(FILE.as_bytes(), &variables(&[("OPENAI_KEY", "sk-first-1234567890")])).unwrap();
    assert_eq!(
        entry(&imported, "providers", "name", "openai"),
        &json!({
            "name": "openai",
            "kind": "openai",
            "base_url": "https://api.openai.com/v1",
            "timeouts": { "first_byte": "90s" },
            "headers": { "X-Team": "research" },
            "proxy": "socks5://user:password@proxy.example:1080",
            "key_limits": { "requests_per_minute": 15, "requests_per_day": 200 },
            "cooldowns": { "rate_limit": "3600s", "rate_limit_max": "3600s" },
            "body": { "remove": ["user", "metadata.secret"], "set": { "store": false } },
            "models": [
                "gpt-4o",
                {
                    "name": "gpt-4o-mini-2024-07-18",
                    "as": "gpt-4o-mini",
                    "timeouts": { "first_byte": "30s" },
                    "body": { "set": { "temperature": 0 } },
                },
            ],
            "tier": 0,
        })
    );
    assert_eq!(keys(&imported, "openai"), ["sk-first-1234567890", "sk-second-1234567890"]);
    assert_eq!(entry(&imported, "providers", "name", "claude-relay")["kind"], "anthropic");
    assert_eq!(
        entry(&imported, "catalogue", "provider", "claude-relay"),
        &json!({ "match": "*", "provider": "claude-relay", "tools": false })
    );
    let account: serde_json::Value = serde_json::from_str(keys(&imported, "vertex")[0]).unwrap();
    assert_eq!(
        (&account["client_email"], &account["project_id"]),
        (&json!("bot@my-project.iam.gserviceaccount.com"), &json!("my-project"))
    );
    let config = accepted(&imported.configuration);
    let vertex =
        config.declared.providers.iter().find(|provider| provider.name.as_str() == "vertex").unwrap();
    assert_eq!((vertex.kind, vertex.location.as_deref()), (Some(ProviderKind::Vertex), Some("europe-west1")));
    assert_eq!(config.declared.providers.len(), 4);
}

#[test]
fn access_keys_keep_their_rules_and_limits() {
    let imported = uni_api::read(FILE.as_bytes(), &variables(&[])).unwrap();
    assert_eq!(
        entry(&imported, "access_keys", "name", "admin"),
        &json!({ "name": "admin", "models": ["all"] })
    );
    assert_eq!(
        entry(&imported, "access_keys", "name", "team"),
        &json!({
            "name": "team",
            "models": ["openai/*", "claude-relay/claude-sonnet-4-5", "<org/model>", "gpt-4o-mini"],
            "limits": { "requests_per_minute": 15, "usd_per_month": 10.0 },
        })
    );
    assert_eq!(entry(&imported, "access_keys", "name", "api-key-3")["enabled"], false);
    let credentials =
        imported.configuration.credentials.iter().map(|c| (c.access_key.as_str(), c.secret.expose()));
    assert_eq!(
        credentials.collect::<Vec<_>>(),
        [
            ("admin", "sk-admin-1234567890"),
            ("team", "sk-team-1234567890"),
            ("api-key-3", "sk-other-1234567890")
        ]
    );
}

#[test]
fn fixed_priority_becomes_tiers_and_weights_become_weights() {
    let imported = uni_api::read(FILE.as_bytes(), &variables(&[])).unwrap();
    let tiers: Vec<_> =
        imported.configuration.document.list("providers").iter().map(|p| p["tier"].clone()).collect();
    assert_eq!(tiers, [json!(0), json!(1), json!(2), json!(3)]);
    let weighted = "providers: [{provider: a, base_url: https://a.example/v1/chat/completions}, {provider: b, base_url: https://b.example/v1/chat/completions}]\napi_keys: [{api: sk-1234567890ab, model: [{a/*: 5}, {b/*: 2}], preferences: {SCHEDULING_ALGORITHM: weighted_round_robin}}]\n";
    let imported = uni_api::read(weighted.as_bytes(), &variables(&[])).unwrap();
    let weights: Vec<_> =
        imported.configuration.document.list("providers").iter().map(|p| p["weight"].clone()).collect();
    assert_eq!(weights, [json!(5), json!(2)]);
    accepted(&imported.configuration);
}

#[test]
fn what_has_no_counterpart_is_noted() {
    let imported = uni_api::read(FILE.as_bytes(), &variables(&[])).unwrap();
    assert!(note(&imported, "providers[films]").message.contains("lingjing"));
    assert!(note(&imported, "providers[openai].api[0]").message.contains("OPENAI_KEY"));
    assert!(note(&imported, "providers[bedrock].aws_secret_key").message.contains("NOT_SET"));
    assert_eq!(note(&imported, "preferences.error_triggers").severity, Severity::Warning);
    assert_eq!(note(&imported, "preferences.model_price.default").severity, Severity::Info);
    assert_eq!(skipped(&imported).len(), 3, "{:#?}", imported.notes);
    let gateway = &imported.configuration.document.0["gateway"];
    assert_eq!(gateway, &json!({ "timeouts": { "first_byte": "120s" }, "breaker": { "open": "60s" } }));
    let prices: Vec<_> = imported
        .configuration
        .document
        .list("catalogue")
        .iter()
        .filter_map(|f| f["match"].as_str())
        .collect();
    assert_eq!(prices, ["*", "gpt-4o-mini*", "gpt-4o*"]);
}

#[test]
fn what_is_written_over_a_file_keeps_what_is_not_ours() {
    let variables = variables(&[("OPENAI_KEY", "sk-first-1234567890"), ("NOT_SET", "s3cr3t")]);
    let imported = uni_api::read(FILE.as_bytes(), &variables).unwrap();
    let written =
        uni_api::write(&Effective::of(&imported.configuration).unwrap(), Some(FILE.as_bytes()), &variables)
            .unwrap();
    let before: serde_json::Value = roundhouse_config::yaml_value(FILE).unwrap();
    let after = roundhouse_config::yaml_value(&written.text).unwrap();
    assert_eq!(after, written.value);
    assert!(written.text.contains("${OPENAI_KEY}") && written.text.contains("${NOT_SET}"), "variables stay");
    assert_eq!(after["preferences"]["error_triggers"], before["preferences"]["error_triggers"]);
    assert_eq!(after["api_keys"], before["api_keys"]);
    let names = |file: &serde_json::Value| {
        file["providers"].as_array().unwrap().iter().map(|p| p["provider"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&after), names(&before), "providers keep their names and places");
    assert_eq!(after["providers"][0]["base_url"], before["providers"][0]["base_url"]);
    assert_eq!(after["providers"][0]["model"], before["providers"][0]["model"]);
    assert_eq!(after["providers"][3], before["providers"][3], "what could not be read stays as it is");
}

#[test]
fn a_file_written_anew_is_read_as_it_was() {
    let variables = variables(&[("OPENAI_KEY", "sk-first-1234567890"), ("NOT_SET", "s3cr3t")]);
    let first = uni_api::read(FILE.as_bytes(), &variables).unwrap();
    let written = uni_api::write(&Effective::of(&first.configuration).unwrap(), None, &variables).unwrap();
    let second = uni_api::read(written.text.as_bytes(), &variables).unwrap();
    for list in ["providers", "access_keys"] {
        let (first, second) =
            (first.configuration.document.list(list), second.configuration.document.list(list));
        for (first, second) in first.iter().zip(second) {
            let mut first = first.clone();
            // Budgets have no counterpart, and a key that is switched off is one without credits.
            if let Some(limits) = first.get_mut("limits").and_then(serde_json::Value::as_object_mut) {
                limits.shift_remove("usd_per_month");
            }
            assert_eq!(&first, second);
        }
        assert_eq!(first.len(), second.len());
    }
    assert_eq!(keys(&first, "openai"), keys(&second, "openai"));
    assert_eq!(keys(&first, "bedrock"), keys(&second, "bedrock"));
}
