//! gpt-load's interface, read and written.

use roundhouse_domain::KeyStatus;
use roundhouse_interchange::{Configuration, Document, Effective, ProviderKey, ProviderKeys, gpt_load};
use serde_json::{Value, json};

use crate::fake_gpt_load::{AUTH_KEY, remote, start};
use crate::support::{accepted, entry, keys};

fn effective() -> Effective {
    let Value::Object(document) = json!({
        "providers": [
            { "name": "openai", "kind": "openai", "models": [{ "name": "gpt-4o-mini", "as": "fast" }, "gpt-4o"], "headers": { "X-From": "{{client_ip}}" }, "timeouts": { "total": "90s" }, "failures": { "threshold": 5 } },
            { "name": "zhipu", "kind": "zhipu", "body": { "set": { "stream": true } } },
            { "name": "claude", "kind": "anthropic" },
            { "name": "bedrock", "kind": "bedrock", "region": "us-east-1" },
            { "name": "off", "kind": "openai", "enabled": false },
        ],
        "pools": [
            { "name": "both", "providers": [{ "provider": "openai", "weight": 3 }, { "provider": "zhipu", "weight": 1 }] },
            { "name": "mixed", "providers": [{ "provider": "openai" }, { "provider": "claude" }] },
        ],
        "routes": [{ "model": "best", "tiers": [[{ "provider": "openai", "model": "gpt-4o" }]] }],
    }) else {
        panic!("it is an object")
    };
    let many = (0..4_500).map(|number| ProviderKey::active(format!("sk-{number:010}"))).collect();
    let mut gone = ProviderKey::active("sk-gone-1234567890");
    gone.status = KeyStatus::Disabled;
    let configuration = Configuration {
        document: Document(document),
        keys: vec![
            ProviderKeys { provider: "openai".to_owned(), keys: many },
            ProviderKeys {
                provider: "claude".to_owned(),
                keys: vec![ProviderKey::active("sk-ant-1234567890"), gone],
            },
        ],
        ..Configuration::default()
    };
    Effective::of(&configuration).unwrap()
}

#[tokio::test]
async fn a_second_export_has_nothing_to_do() {
    let (gateway, url) = start().await;
    let remote = remote(&url, AUTH_KEY);
    let plan = gpt_load::plan(&remote, &effective()).await.unwrap();
    assert!(gateway.lock().unwrap().calls.is_empty(), "planning changes nothing");
    plan.carry_out(&remote).await.unwrap();
    assert_eq!(
        gateway.lock().unwrap().calls,
        [
            "create openai",
            "add 2000 keys to 1",
            "add 2000 keys to 1",
            "add 500 keys to 1",
            "create zhipu",
            "create claude",
            "add 1 keys to 3",
            "create both",
            "add members to 4",
        ]
    );
    let again = gpt_load::plan(&remote, &effective()).await.unwrap();
    assert_eq!(again.steps, []);
    let skipped: Vec<_> = again.notes.iter().map(|note| note.place.as_str()).collect();
    assert_eq!(skipped, ["providers[bedrock]", "providers[off]", "pools[mixed]", "routes"]);
}

#[tokio::test]
async fn only_what_differs_is_changed() {
    let (gateway, url) = start().await;
    let remote = remote(&url, AUTH_KEY);
    gpt_load::plan(&remote, &effective()).await.unwrap().carry_out(&remote).await.unwrap();
    {
        let mut gateway = gateway.lock().unwrap();
        gateway.calls.clear();
        let openai = gateway.groups.get_mut(&1).unwrap();
        openai["test_model"] = json!("other");
        openai["config"] = json!({ "request_timeout": 1, "max_retries": 7 });
        gateway.links.insert((4, 2), 9);
        gateway.links.insert((4, 3), 1);
        gateway.keys.push((3, "sk-gone-1234567890".to_owned(), "active"));
    }
    let plan = gpt_load::plan(&remote, &effective()).await.unwrap();
    let steps: Vec<String> = plan.steps.iter().map(ToString::to_string).collect();
    assert!(steps.iter().all(|step| !step.contains("sk-")), "no key is shown: {steps:?}");
    plan.carry_out(&remote).await.unwrap();
    let gateway = gateway.lock().unwrap();
    assert_eq!(
        gateway.calls,
        ["update 1: test_model,config", "delete 1 keys of 3", "weigh 2 in 4", "remove 3 from 4"]
    );
    let config = &gateway.groups[&1]["config"];
    assert_eq!(
        (&config["request_timeout"], &config["max_retries"]),
        (&json!(90), &json!(7)),
        "what we say nothing of stays"
    );
}

#[tokio::test]
async fn what_was_exported_is_imported_as_it_was() {
    let (_gateway, url) = start().await;
    let remote = remote(&url, AUTH_KEY);
    gpt_load::plan(&remote, &effective()).await.unwrap().carry_out(&remote).await.unwrap();
    let imported = gpt_load::read(gpt_load::read_live(&remote).await.unwrap());
    assert_eq!(keys(&imported, "openai").len(), 4_500);
    let openai = entry(&imported, "providers", "name", "openai");
    assert_eq!(openai["models"], json!([{ "name": "gpt-4o-mini", "as": "fast" }, "gpt-4o"]));
    assert_eq!(
        (&openai["timeouts"], &openai["failures"], &openai["headers"]),
        (&json!({ "total": "90s" }), &json!({ "threshold": 5 }), &json!({ "X-From": "{{client_ip}}" }))
    );
    assert_eq!(
        entry(&imported, "providers", "name", "zhipu")["base_urls"],
        json!([{ "url": "https://open.bigmodel.cn/api/paas/v4", "weight": 1 }])
    );
    assert_eq!(
        entry(&imported, "pools", "name", "both")["providers"],
        json!([{ "provider": "openai", "weight": 3 }, { "provider": "zhipu", "weight": 1 }])
    );
    assert_eq!(entry(&imported, "access_keys", "name", "gpt-load")["models"], json!(["all"]));
    assert_eq!(imported.configuration.document.0["gateway"], json!({ "max_attempts": 6 }));
    accepted(&imported.configuration);
}

#[tokio::test]
async fn a_wrong_key_or_address_is_told() {
    let (_gateway, url) = start().await;
    let refused = gpt_load::read_live(&remote(&url, "wrong")).await.unwrap_err();
    assert!(refused.to_string().contains("refuses the key"), "{refused}");
    let nowhere = gpt_load::read_live(&remote(&format!("{url}/elsewhere"), AUTH_KEY)).await.unwrap_err();
    assert_eq!(nowhere.code(), "import_remote");
    assert!(!nowhere.to_string().contains(AUTH_KEY));
}
