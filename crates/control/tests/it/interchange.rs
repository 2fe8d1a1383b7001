//! Configurations taken over from elsewhere, and given away.

use roundhouse_control::Control;
use roundhouse_control::access_keys::{By, Reach};
use roundhouse_control::import::{Import, Mode, Outcome, What};
use roundhouse_domain::{KeyStatus, Secret};
use roundhouse_interchange::roundhouse::{Form, Secrets};
use roundhouse_interchange::{Imported, ProviderKey, ProviderKeys, Variables, keys_txt, roundhouse, uni_api};
use roundhouse_storage::provider_keys::{self, Filter};
use roundhouse_storage::{access_key_credentials, audit};

use crate::support::{Ground, author, grounds};

const FILE: &str =
    "providers:\n  - { name: filed, kind: openai, keys: [sk-filed-1234567890], models: [m] }\n";

const API_YAML: &str = "
providers:
  - provider: one
    base_url: http://127.0.0.1:9/v1/chat/completions
    api: [sk-one-1234567890, sk-two-1234567890]
    model: [m, {upstream: alias}]
    preferences: {proxy: 'http://user:s3cr3t-of-proxy@127.0.0.1:3128'}
  - provider: filed
    base_url: http://127.0.0.1:9/v1/chat/completions
    api: sk-other-1234567890
api_keys:
  - {api: sk-client-1234567890, role: team, model: [one/*], preferences: {rate_limit: 5/min}}
preferences: {model_timeout: {default: 77}, model_price: {m: '1,2', m-large: '3,4'}}
";

fn read() -> Imported {
    uni_api::read(API_YAML.as_bytes(), &Variables::default()).unwrap()
}

async fn import(control: &Control, imported: Imported, mode: Mode) -> Outcome {
    let import = Import { imported, mode, origin: "uni-api".to_owned() };
    control.import(&author(), import).await.unwrap()
}

async fn key_count(control: &Control, provider: &str) -> u64 {
    let filter = Filter::all(provider, control.now());
    provider_keys::count(control.database().reader(), &filter).await.unwrap()
}

/// The hashes of credentials of access keys.
async fn credentials(control: &Control) -> Vec<[u8; 32]> {
    let stored = access_key_credentials::list_all(control.database().reader()).await.unwrap();
    stored.into_iter().map(|credential| credential.key_hash).collect()
}

async fn revisions(control: &Control) -> usize {
    control.list_revisions(100, None).await.unwrap().len()
}

fn what(outcome: &Outcome, kind: &str, name: &str) -> What {
    let found = outcome.objects.iter().find(|object| object.kind == kind && object.name == name);
    found.unwrap_or_else(|| panic!("nothing is told of {kind} {name}: {:?}", outcome.objects)).what
}

#[tokio::test]
async fn an_import_is_one_revision_and_in_force_at_once() {
    for Ground { control, .. } in grounds(FILE).await {
        let outcome = import(&control, read(), Mode::Merge).await;
        assert_eq!(what(&outcome, "provider", "one"), What::Created);
        assert_eq!(what(&outcome, "access_key", "team"), What::Created);
        assert_eq!(what(&outcome, "settings", "gateway"), What::Created);
        let revision = &control.list_revisions(100, None).await.unwrap()[0];
        assert_eq!((revision.number, revision.summary.as_str()), (1, "Imported from uni-api"));
        let snapshot = control.gateway().snapshot();
        assert!(snapshot.providers.contains_key("one"));
        assert_eq!(key_count(&control, "one").await, 2);
        assert_eq!(control.config().gateway.timeouts.first_byte.map(|span| span.0.as_secs()), Some(77));
        let keys = &control.config().declared.access_keys;
        let team = keys.iter().find(|key| key.name == "team").unwrap();
        assert_eq!(team.limits.requests_per_minute, Some(5));
        let prices: Vec<_> =
            control.config().declared.catalogue.iter().map(|facts| facts.pattern.clone()).collect();
        assert_eq!(prices, ["m-large*", "m*"], "the more special price counts first");
    }
}

#[tokio::test]
async fn what_the_file_declares_stays_as_it_is() {
    for Ground { control, .. } in grounds(FILE).await {
        let outcome = import(&control, read(), Mode::Merge).await;
        assert_eq!(what(&outcome, "provider", "filed"), What::Skipped);
        assert!(outcome.notes.iter().any(|note| note.place == "providers[filed]"));
        let filed =
            control.config().declared.providers.iter().find(|spec| spec.name.as_str() == "filed").cloned();
        assert_eq!(filed.unwrap().keys.len(), 1);
        assert_eq!(key_count(&control, "filed").await, 1, "its keys come along all the same");
    }
}

#[tokio::test]
async fn a_dry_run_tells_the_same_and_changes_nothing() {
    for Ground { control, .. } in grounds(FILE).await {
        let import_of = || Import { imported: read(), mode: Mode::Merge, origin: "uni-api".to_owned() };
        let told = control.preview_import(&author(), import_of()).await.unwrap();
        assert_eq!((revisions(&control).await, key_count(&control, "one").await), (0, 0));
        assert!(!control.gateway().snapshot().providers.contains_key("one"));
        let done = control.import(&author(), import_of()).await.unwrap();
        assert_eq!((told.objects, told.keys, told.notes), (done.objects, done.keys, done.notes));
    }
}

#[tokio::test]
async fn the_same_import_twice_changes_nothing_more() {
    for Ground { control, .. } in grounds(FILE).await {
        import(&control, read(), Mode::Merge).await;
        let again = import(&control, read(), Mode::Merge).await;
        let changed: Vec<_> =
            again.objects.iter().filter(|o| !matches!(o.what, What::Unchanged | What::Skipped)).collect();
        assert_eq!(changed, Vec::<&roundhouse_control::import::ObjectOutcome>::new());
        assert!(again.keys.iter().all(|keys| keys.added == 0), "{:?}", again.keys);
        assert_eq!(revisions(&control).await, 1);
    }
}

#[tokio::test]
async fn a_wrong_import_keeps_nothing_not_even_keys() {
    for Ground { control, .. } in grounds(FILE).await {
        let mut imported = read();
        imported.configuration.document.0["providers"][0]["kind"] = "no-such-kind".into();
        let import = Import { imported, mode: Mode::Merge, origin: "uni-api".to_owned() };
        let refused = control.import(&author(), import).await.unwrap_err();
        assert!(
            refused.to_string().contains("no-such-kind") || refused.to_string().contains("kind"),
            "{refused}"
        );
        assert_eq!((revisions(&control).await, key_count(&control, "one").await), (0, 0));
        assert!(credentials(&control).await.is_empty());
    }
}

#[tokio::test]
async fn keys_for_nobody_are_refused() {
    for Ground { control, .. } in grounds(FILE).await {
        let imported = keys_txt::read(b"sk-1234567890abc", "nobody").unwrap();
        let import = Import { imported, mode: Mode::Merge, origin: "keys.txt".to_owned() };
        let refused = control.import(&author(), import).await.unwrap_err();
        assert!(refused.to_string().contains("nobody"), "{refused}");
        let imported = keys_txt::read(b"sk-1234567890abc\nsk-filed-1234567890\n", "filed").unwrap();
        let import = Import { imported, mode: Mode::Merge, origin: "keys.txt".to_owned() };
        control.import(&author(), import).await.unwrap();
    }
}

#[tokio::test]
async fn replacing_removes_what_is_not_in_the_import() {
    for Ground { control, .. } in grounds(FILE).await {
        import(&control, read(), Mode::Merge).await;
        let other = API_YAML.replace("provider: one", "provider: other").replace("[one/*]", "[other/*]");
        let imported = uni_api::read(other.as_bytes(), &Variables::default()).unwrap();
        let outcome = import(&control, imported, Mode::Replace).await;
        assert_eq!(what(&outcome, "provider", "one"), What::Removed);
        assert_eq!(what(&outcome, "provider", "other"), What::Created);
        assert!(!control.gateway().snapshot().providers.contains_key("one"));
    }
}

#[tokio::test]
async fn keys_keep_their_state_and_what_is_said_of_them() {
    for Ground { control, .. } in grounds(FILE).await {
        let mut imported = read();
        let mut invalid = ProviderKey::active("sk-invalid-1234567890");
        (invalid.status, invalid.failures) = (KeyStatus::Invalid, 4);
        invalid.settings.note = String::from("of Ann");
        let mut off = ProviderKey::active("sk-off-1234567890");
        off.status = KeyStatus::Disabled;
        off.settings.weight = 3;
        imported.configuration.keys =
            vec![ProviderKeys { provider: "one".to_owned(), keys: vec![invalid, off] }];
        import(&control, imported, Mode::Merge).await;
        let filter = Filter::all("one", control.now());
        let keys = provider_keys::list(control.database().reader(), &filter, 10, None).await.unwrap();
        let told: Vec<_> = keys
            .iter()
            .map(|key| (key.status, key.settings.note.as_str(), key.settings.weight, key.failures))
            .collect();
        assert_eq!(told, [(KeyStatus::Invalid, "of Ann", 10, 4), (KeyStatus::Disabled, "", 3, 0)]);
    }
}

#[tokio::test]
async fn an_export_makes_the_same_configuration_elsewhere() {
    let passphrase = Secret::from("a passphrase of some words");
    let mut grounds = grounds(FILE).await;
    let (there, here) = (grounds.pop().unwrap(), grounds.pop().unwrap());
    // Their databases end with their places.
    let (there, here) = (&there.control, &here.control);
    import(here, read(), Mode::Merge).await;
    for form in [Form::Yaml, Form::Json] {
        let text = here.export(&author(), Some(&passphrase), form).await.unwrap().text;
        assert!(!text.contains("s3cr3t-of-proxy") && !text.contains("sk-one-1234567890"));
        let imported = roundhouse::read(text.as_bytes(), Secrets::Open(Some(&passphrase))).unwrap();
        import(there, imported, Mode::Replace).await;
        let copy = there.export(&author(), Some(&passphrase), form).await.unwrap().text;
        let [first, second] = [text, copy].map(|text| {
            let imported = roundhouse::read(text.as_bytes(), Secrets::Open(Some(&passphrase))).unwrap();
            let keys: Vec<_> =
                imported.configuration.keys.into_iter().map(|entry| (entry.provider, entry.keys)).collect();
            (imported.configuration.document, keys, imported.configuration.hashes)
        });
        assert_eq!(first, second);
    }
}

#[tokio::test]
async fn an_export_without_a_passphrase_holds_no_secret_and_is_written_down() {
    for Ground { control, .. } in grounds(FILE).await {
        import(&control, read(), Mode::Merge).await;
        let text = control.export(&author(), None, Form::Yaml).await.unwrap().text;
        for secret in ["s3cr3t-of-proxy", "sk-one-1234567890", "sk-client-1234567890", "sk-filed"] {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
        let found =
            audit::list(control.database().reader(), &audit::Filter::default(), 10, None).await.unwrap();
        assert!(found.iter().any(|entry| entry.action == "configuration.export"));
    }
}

#[tokio::test]
async fn an_access_key_comes_back_with_its_credential_where_the_master_key_is_the_same() {
    for ground in grounds(FILE).await {
        import(&ground.control, read(), Mode::Merge).await;
        let before = credentials(&ground.control).await;
        let text = ground.control.export(&author(), None, Form::Yaml).await.unwrap().text;
        let by = By { author: author(), reach: Reach::All };
        ground.control.delete_access_key(&by, "team").await.unwrap();
        assert!(credentials(&ground.control).await.is_empty());
        let imported = roundhouse::read(text.as_bytes(), Secrets::LeaveOut).unwrap();
        let outcome = import(&ground.control, imported, Mode::Merge).await;
        assert!(outcome.fresh_credentials.is_empty());
        assert_eq!(credentials(&ground.control).await, before);
    }
}

#[tokio::test]
async fn an_access_key_without_a_credential_gets_a_fresh_one() {
    for Ground { control, .. } in grounds(FILE).await {
        let mut imported = read();
        imported.configuration.credentials.clear();
        let outcome = import(&control, imported, Mode::Merge).await;
        let fresh = outcome.fresh_credentials[0].secret.as_ref().unwrap();
        assert!(fresh.expose().starts_with("rh-"));
    }
}

#[tokio::test]
async fn everything_in_force_is_written_as_an_api_yaml() {
    for Ground { control, .. } in grounds(FILE).await {
        import(&control, read(), Mode::Merge).await;
        let written = control.export_uni_api(&author(), None, &Variables::default()).await.unwrap();
        let providers = written.value["providers"].as_array().unwrap();
        let names: Vec<_> = providers.iter().map(|provider| provider["provider"].as_str().unwrap()).collect();
        assert_eq!(names.len(), 2, "also what the file declares: {names:?}");
        let one = providers.iter().find(|provider| provider["provider"] == "one").unwrap();
        assert_eq!(one["api"], serde_json::json!(["sk-one-1234567890", "sk-two-1234567890"]));
        assert_eq!(
            control.export_keys(&author(), "filed").await.unwrap().text,
            "sk-filed-1234567890\nsk-other-1234567890\n"
        );
    }
}
