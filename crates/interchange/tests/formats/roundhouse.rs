//! Our own file.

use roundhouse_domain::{KeyStatus, Secret, Timestamp};
use roundhouse_interchange::roundhouse::{self, Export, Form, Secrets};
use roundhouse_interchange::{
    Configuration, Credential, CredentialHash, Document, Hashes, ProviderKey, ProviderKeys,
};
use serde_json::{Value, json};

const PASSPHRASE: &str = "a passphrase of some words";

fn export() -> Export {
    let Value::Object(document) = json!({
        "providers": [
            { "name": "openai", "kind": "openai", "proxy": "http://user:s3cr3t@proxy.example", "weight": 3 },
            { "name": "claude", "kind": "anthropic", "timeouts": { "total": "90s" } },
        ],
        "routes": [{ "model": "fast", "tiers": [[{ "provider": "openai", "model": "gpt-4o-mini", "weight": 1 }]] }],
        "access_keys": [{ "name": "ci", "models": ["all"], "limits": { "usd_per_day": 0.0375 } }],
        "gateway": { "max_attempts": 4, "provider_fault_texts": ["no: \"quotes\"", "中文", "$5"] },
    }) else {
        panic!("it is an object")
    };
    let mut key = ProviderKey::active("sk-one-1234567890");
    key.status = KeyStatus::Invalid;
    key.failures = 2;
    key.settings.note = String::from("of Ann");
    key.settings.tags = vec!["paid".to_owned()];
    key.settings.weight = 3;
    key.settings.limits.requests_per_minute = Some(7);
    key.settings.proxy = Some(Secret::from("http://user:s3cr3t@proxy.example"));
    let configuration = Configuration {
        document: Document(document),
        keys: vec![ProviderKeys {
            provider: "openai".to_owned(),
            keys: vec![key, ProviderKey::active("sk-two-1234567890")],
        }],
        credentials: vec![Credential { access_key: "ci".to_owned(), secret: Secret::from("rh-1234567890") }],
        hashes: None,
    };
    let hash =
        CredentialHash { name: "ci".to_owned(), hash: "00ff".to_owned(), masked: "rh-1****7890".to_owned() };
    Export {
        configuration,
        hashes: Some(Hashes { hashed_by: "abc".to_owned(), access_keys: vec![hash] }),
        secret_fields: vec!["/providers/0/proxy".to_owned(), "/providers/1/proxy".to_owned()],
        made_at: Timestamp::from_millis(1_793_491_200_000),
        program: "0.1.0",
    }
}

fn written(form: Form) -> String {
    roundhouse::write(export(), Some(&Secret::from(PASSPHRASE)), form).unwrap()
}

#[test]
fn what_is_exported_is_imported_as_it_was() {
    for form in [Form::Yaml, Form::Json] {
        let text = written(form);
        assert!(!text.contains("s3cr3t") && !text.contains("1234567890"), "secrets are sealed");
        let passphrase = Secret::from(PASSPHRASE);
        let imported = roundhouse::read(text.as_bytes(), Secrets::Open(Some(&passphrase))).unwrap();
        let Export { configuration, hashes, .. } = export();
        // A field that was taken out and put back stands last; the order of fields means nothing.
        assert_eq!(imported.configuration.document, configuration.document);
        assert_eq!(imported.configuration.keys[0].keys, configuration.keys[0].keys);
        assert_eq!(imported.configuration.credentials, configuration.credentials);
        assert_eq!(imported.configuration.hashes, hashes);
        assert_eq!(imported.notes, []);
    }
}

#[test]
fn without_a_passphrase_no_secret_is_written() {
    let text = roundhouse::write(export(), None, Form::Yaml).unwrap();
    assert!(!text.contains("s3cr3t") && !text.contains("1234567890") && !text.contains("secrets:"));
    let imported = roundhouse::read(text.as_bytes(), Secrets::Open(None)).unwrap();
    assert_eq!(imported.configuration.key_count(), 0);
    assert_eq!(imported.notes.len(), 1);
    let short = roundhouse::write(export(), Some(&Secret::from("short")), Form::Yaml).unwrap_err();
    assert_eq!(short.code(), "passphrase_short");
}

#[test]
fn a_missing_or_wrong_passphrase_is_told() {
    let text = written(Form::Json);
    let wrong = Secret::from("another passphrase");
    let code = |secrets| roundhouse::read(text.as_bytes(), secrets).unwrap_err().code();
    assert_eq!(code(Secrets::Open(None)), "passphrase_missing");
    assert_eq!(code(Secrets::Open(Some(&wrong))), "passphrase_wrong");
    let without = roundhouse::read(text.as_bytes(), Secrets::LeaveOut).unwrap();
    assert_eq!(without.configuration.key_count(), 0);
}

#[test]
fn a_file_that_was_cut_off_anywhere_is_refused() {
    let passphrase = Secret::from(PASSPHRASE);
    for form in [Form::Yaml, Form::Json] {
        let text = written(form);
        for end in (0..text.trim_end().len()).filter(|end| text.is_char_boundary(*end)) {
            let read = roundhouse::read(&text.as_bytes()[..end], Secrets::Open(Some(&passphrase)));
            assert!(read.is_err(), "cut at {end} of {}", text.len());
        }
    }
}

#[test]
fn what_was_changed_is_refused() {
    let text = written(Form::Yaml);
    let passphrase = Secret::from(PASSPHRASE);
    let code =
        |text: &str| roundhouse::read(text.as_bytes(), Secrets::Open(Some(&passphrase))).unwrap_err().code();
    assert_eq!(code(&text.replace("max_attempts: 4", "max_attempts: 40")), "import_damaged");
    assert_eq!(code(&text.replace("roundhouse: 1", "roundhouse: 2")), "import_version");
    assert_eq!(code(&text.replace("roundhouse: 1", "roundhouse: x")), "import_malformed");
    assert_eq!(code("providers: []"), "import_malformed");
    assert_eq!(code(&format!("{text}{text}")), "import_unreadable");
}

#[test]
fn names_that_are_there_twice_are_refused() {
    let mut export = export();
    export.configuration.document.0["providers"][1]["name"] = json!("openai");
    let text = roundhouse::write(export, None, Form::Json).unwrap();
    let error = roundhouse::read(text.as_bytes(), Secrets::LeaveOut).unwrap_err();
    assert!(error.to_string().contains("configuration.providers[1].name"), "{error}");
}

#[test]
fn a_file_that_asks_for_a_lot_of_memory_is_refused() {
    let text = written(Form::Json).replace("\"memory_kib\": 65536", "\"memory_kib\": 4000000000");
    // Whoever writes such a file writes the right checksum too.
    let mut value: Value = serde_json::from_str(&text).unwrap();
    value.as_object_mut().unwrap().shift_remove("checksum");
    let sum = blake3::hash(value.to_string().as_bytes()).to_hex().to_string();
    value["checksum"] = format!("blake3:{sum}").into();
    let passphrase = Secret::from(PASSPHRASE);
    let error = roundhouse::read(value.to_string().as_bytes(), Secrets::Open(Some(&passphrase))).unwrap_err();
    assert!(error.to_string().contains("more memory"), "{error}");
}
