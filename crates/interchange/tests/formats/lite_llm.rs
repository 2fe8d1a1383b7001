//! `LiteLLM`'s `config.yaml`.

use roundhouse_interchange::lite_llm;
use serde_json::json;

use crate::support::{accepted, entry, keys, note, variables};

const FILE: &str = r#"
model_list:
  - model_name: gpt-4o
    litellm_params: {model: openai/gpt-4o, api_key: os.environ/OPENAI_API_KEY, rpm: 100, weight: 3}
  - model_name: gpt-4o
    litellm_params: {model: openai/gpt-4o, api_key: sk-second-1234567890, weight: 3}
  - model_name: gpt-4o
    litellm_params:
      model: azure/my-gpt
      api_base: https://me.openai.azure.com
      api_version: "2024-10-21"
      litellm_credential_name: azure
      order: 2
      timeout: 30
  - model_name: claude
    litellm_params: {model: anthropic/claude-sonnet-4-5, api_key: sk-ant-1234567890}
    model_info: {max_input_tokens: 200000, input_cost_per_token: 0.000003, output_cost_per_token: 0.000015}
  - model_name: local
    litellm_params: {model: ollama/llama3.2, api_base: "http://localhost:11434", api_key: none}
  - model_name: nova
    litellm_params: {model: bedrock/converse/amazon.nova-pro-v1:0, aws_access_key_id: AKIAEXAMPLE, aws_secret_access_key: s3cr3t, aws_region_name: us-east-1}
  - model_name: odd
    litellm_params: {model: sagemaker/jumpstart}
credential_list:
  - credential_name: azure
    credential_values: {api_key: azure-key-1234567890}
router_settings:
  routing_strategy: latency-based-routing
  model_group_alias: {best: gpt-4o}
  num_retries: 2
litellm_settings:
  fallbacks: [{claude: [gpt-4o]}]
  request_timeout: 300
  callbacks: [langfuse]
general_settings:
  master_key: sk-master-1234567890
  database_url: postgres://x
environment_variables:
  OPENAI_API_KEY: sk-first-1234567890
"#;

#[test]
fn deployments_become_providers_with_their_keys() {
    let imported = lite_llm::read(FILE.as_bytes(), &variables(&[])).unwrap();
    assert_eq!(
        entry(&imported, "providers", "name", "openai"),
        &json!({ "name": "openai", "kind": "openai", "models": ["gpt-4o"] })
    );
    assert_eq!(keys(&imported, "openai"), ["sk-first-1234567890", "sk-second-1234567890"]);
    assert_eq!(
        entry(&imported, "providers", "name", "azure"),
        &json!({
            "name": "azure",
            "kind": "azure",
            "base_url": "https://me.openai.azure.com",
            "api_version": "2024-10-21",
            "models": [{ "name": "my-gpt", "as": "gpt-4o", "timeouts": { "total": 30.0 } }],
        })
    );
    assert_eq!(keys(&imported, "azure"), ["azure-key-1234567890"]);
    assert_eq!(entry(&imported, "providers", "name", "ollama")["base_url"], "http://localhost:11434/v1");
    assert_eq!(keys(&imported, "ollama"), [""; 0]);
    assert_eq!(keys(&imported, "bedrock"), ["AKIAEXAMPLE:s3cr3t"]);
    assert_eq!(entry(&imported, "providers", "name", "bedrock")["models"][0]["name"], "amazon.nova-pro-v1:0");
    assert_eq!(
        entry(&imported, "catalogue", "provider", "anthropic"),
        &json!({ "match": "claude-sonnet-4-5", "provider": "anthropic", "prices": { "input": 3.0, "output": 15.0 }, "context_tokens": 200_000 })
    );
    accepted(&imported.configuration);
}

#[test]
fn orders_aliases_and_fallbacks_become_routes() {
    let imported = lite_llm::read(FILE.as_bytes(), &variables(&[])).unwrap();
    let tiers = json!([
        [{ "provider": "openai", "model": "gpt-4o", "weight": 3 }],
        [{ "provider": "azure", "model": "my-gpt", "weight": 1 }],
    ]);
    for name in ["gpt-4o", "best"] {
        let route = entry(&imported, "routes", "model", name);
        assert_eq!((&route["tiers"], &route["strategy"]), (&tiers, &json!("lowest_latency")), "{name}");
    }
    assert_eq!(entry(&imported, "routes", "model", "claude")["fallbacks"], json!(["gpt-4o"]));
    assert_eq!(imported.configuration.document.list("routes").len(), 3);
    assert_eq!(
        imported.configuration.document.0["gateway"],
        json!({ "timeouts": { "total": 300.0 }, "max_attempts": 3 })
    );
    assert_eq!(imported.configuration.credentials[0].secret.expose(), "sk-master-1234567890");
}

#[test]
fn what_has_no_counterpart_is_noted() {
    let imported = lite_llm::read(FILE.as_bytes(), &variables(&[])).unwrap();
    for place in [
        "model_list[0].litellm_params.rpm",
        "model_list[6]",
        "litellm_settings.callbacks",
        "general_settings.database_url",
    ] {
        note(&imported, place);
    }
    let text = format!("{:?}", imported.notes);
    assert!(!text.contains("1234567890"), "no secret is in a note");
    let without = FILE.replace("environment_variables:", "other:");
    let imported = lite_llm::read(without.as_bytes(), &variables(&[])).unwrap();
    assert!(note(&imported, "model_list[0].api_key").message.contains("OPENAI_API_KEY"));
}
