//! Guardrails that people configure.

use roundhouse_control::changes::ChangeError;
use roundhouse_domain::spec::Stage;
use serde_json::json;

use crate::support::{author, grounds};

const FILE: &str = "guardrails:\n  - { name: filed, patterns: [{ pattern: bomb }] }\n";

#[tokio::test]
async fn a_guardrail_is_in_force_when_it_is_made_and_gone_when_removed() {
    for ground in grounds(FILE).await {
        let (control, author) = (&ground.control, author());
        let body = json!({ "name": "pii", "patterns": [{ "pattern": "[0-9]{4}", "action": "mask" }] });
        let made = control.create_guardrail(&author, body.clone()).await.unwrap();
        assert_eq!(made.spec.patterns[0].pattern, "[0-9]{4}");
        let test =
            async |text: &str| control.test_guardrails(None, Stage::Request, text.to_owned()).await.unwrap();
        assert_eq!(test("pin 1234").await.texts, [Some("pin ***".to_owned())]);
        assert_eq!(test("a bomb").await.blocked.unwrap().guardrail.as_ref(), "filed");
        let again = control.create_guardrail(&author, body).await.unwrap_err();
        assert!(matches!(again, ChangeError::Exists { .. }), "{again}");
        let off = control.update_guardrail(&author, "pii", &json!({ "enabled": false })).await.unwrap();
        assert!(!off.spec.enabled);
        assert_eq!(test("pin 1234").await.texts, [None]);
        control.delete_guardrail(&author, "pii").await.unwrap();
        assert!(matches!(control.get_guardrail("pii"), Err(ChangeError::NotFound)));
    }
}

#[tokio::test]
async fn what_is_wrong_is_named_and_what_a_file_declares_is_left_alone() {
    for ground in grounds(FILE).await {
        let (control, author) = (&ground.control, author());
        let wrong = json!({ "name": "w", "patterns": [{ "pattern": "fine" }, { "pattern": "(" }] });
        let fields = control.create_guardrail(&author, wrong).await.unwrap_err().fields();
        assert_eq!(fields[0].0, "patterns[1].pattern");
        let both = json!({ "name": "w", "patterns": [{ "pattern": "x" }], "moderation": { "model": "m" } });
        assert!(control.create_guardrail(&author, both).await.is_err());
        let nameless = control.create_guardrail(&author, json!({ "patterns": [] })).await.unwrap_err();
        assert_eq!(nameless.fields()[0].0, "name");
        let declared = control.delete_guardrail(&author, "filed").await.unwrap_err();
        assert!(matches!(declared, ChangeError::Declared(..)), "{declared}");
        assert_eq!(control.list_guardrails().len(), 1);
    }
}

#[tokio::test]
async fn the_token_of_a_service_is_stored_sealed_and_not_shown() {
    for ground in grounds("").await {
        let (control, author) = (&ground.control, author());
        let endpoint = json!({ "url": "http://127.0.0.1:9/judge", "token": "secret-of-the-service" });
        let made =
            control.create_guardrail(&author, json!({ "name": "s", "endpoint": endpoint })).await.unwrap();
        let shown = serde_json::to_string(&made.spec).unwrap();
        assert!(!shown.contains("secret-of-the-service"), "{shown}");
        assert!(made.spec.endpoint.unwrap().token.is_some());
        let stored = roundhouse_storage::config_objects::list_all(control.database().reader()).await.unwrap();
        assert!(!stored[0].body.to_string().contains("secret-of-the-service"));
    }
}
