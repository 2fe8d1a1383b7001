//! Changes of the configuration: checked as a whole, kept as revisions, undone.

use roundhouse_config::Source;
use roundhouse_control::Control;
use roundhouse_control::changes::{ChangeError, Draft};
use roundhouse_control::objects::ObjectKind::{Provider, Route, Settings};
use roundhouse_control::revisions::Undo;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::{author, control, grounds};

const FILE: &str = "providers:\n  - { name: filed, kind: openai, keys: [sk-1], models: [m] }\n";

fn provider(weight: u32) -> Value {
    json!({ "kind": "openai-compatible", "base_url": "http://127.0.0.1:9/v1", "models": ["m"], "weight": weight,
        "proxy": "http://user:secret-of-the-proxy@127.0.0.1:3128" })
}

async fn change(control: &Control, edit: impl FnOnce(&mut Draft)) -> Result<(), ChangeError> {
    let edit = |draft: &mut Draft| {
        edit(draft);
        Ok(())
    };
    control.change(&author(), "a change", edit).await
}

async fn put(control: &Control, name: &str, weight: u32) -> Result<(), ChangeError> {
    change(control, |draft| {
        draft.put(Provider, name, provider(weight));
    })
    .await
}

fn weight(control: &Control, name: &str) -> Option<u32> {
    control.gateway().snapshot().providers.get(name).map(|provider| provider.weight)
}

#[tokio::test]
async fn a_change_is_in_force_when_it_is_made_and_after_a_restart() {
    for ground in grounds(FILE).await {
        put(&ground.control, "added", 3).await.unwrap();
        assert_eq!(weight(&ground.control, "added"), Some(3));
        let again = control(&ground.place).await;
        assert_eq!(weight(&again, "added"), Some(3));
        assert_eq!(again.config().sources.entry("providers", "added"), Some(&Source::Console));
        assert!(matches!(again.config().sources.entry("providers", "filed"), Some(Source::File { line: 2 })));
    }
}

#[tokio::test]
async fn a_wrong_field_is_named_and_nothing_is_kept() {
    for ground in grounds(FILE).await {
        let refused = change(&ground.control, |draft| {
            draft.put(Provider, "good", provider(1));
            draft.put(Provider, "wrong", json!({ "kind": "openai", "wieght": 5 }));
        });
        let refused = refused.await.unwrap_err();
        let fields = refused.fields();
        assert_eq!(fields.len(), 1);
        assert_eq!(fields[0].0, "wieght");
        assert!(fields[0].1.contains("weight"), "{}", fields[0].1);
        assert!(ground.control.objects().is_empty());
        assert!(ground.control.list_revisions(10, None).await.unwrap().is_empty());
        assert_eq!(weight(&ground.control, "good"), None);
    }
}

#[tokio::test]
async fn a_patch_changes_no_name() {
    for ground in grounds(FILE).await {
        put(&ground.control, "added", 3).await.unwrap();
        let patch = |patch: Value| {
            let control = ground.control.clone();
            async move { control.update_entry(&author(), Provider, "added", &patch).await.map(|_| ()) }
        };
        let refused = patch(json!({ "name": "other", "weight": 4 })).await.unwrap_err();
        assert_eq!(refused.fields()[0].0, "name");
        assert_eq!(weight(&ground.control, "added"), Some(3));
        patch(json!({ "name": "added", "weight": 4 })).await.unwrap();
        assert_eq!(weight(&ground.control, "added"), Some(4));
    }
}

#[tokio::test]
async fn what_others_refer_to_is_not_removed() {
    for ground in grounds(FILE).await {
        put(&ground.control, "added", 1).await.unwrap();
        let route = json!({ "tiers": [[{ "provider": "added", "model": "m" }]] });
        let routed = change(&ground.control, |draft| {
            draft.put(Route, "chat", route);
        });
        routed.await.unwrap();
        let refused = change(&ground.control, |draft| {
            assert!(draft.delete(Provider, "added"));
        });
        let refused = refused.await.unwrap_err();
        assert!(refused.to_string().contains("no provider is named `added`"), "{refused}");
        assert_eq!(weight(&ground.control, "added"), Some(1));
    }
}

#[tokio::test]
async fn revisions_are_undone_one_by_one_or_all_since() {
    for ground in grounds(FILE).await {
        let control = &ground.control;
        put(control, "a", 1).await.unwrap();
        put(control, "b", 1).await.unwrap();
        put(control, "a", 2).await.unwrap();
        put(control, "b", 2).await.unwrap();
        put(control, "b", 2).await.unwrap();
        let numbers: Vec<_> =
            control.list_revisions(10, None).await.unwrap().iter().map(|revision| revision.number).collect();
        assert_eq!(numbers, [4, 3, 2, 1], "what changes nothing is no revision");
        control.undo(&author(), 3, Undo::Only).await.unwrap();
        assert_eq!((weight(control, "a"), weight(control, "b")), (Some(1), Some(2)));
        let preview = control.preview_undo(&author(), 1, Undo::BackTo).await.unwrap();
        assert_eq!(preview.changes.len(), 1);
        assert_eq!(weight(control, "b"), Some(2), "a preview changes nothing");
        control.undo(&author(), 1, Undo::BackTo).await.unwrap();
        assert_eq!((weight(control, "a"), weight(control, "b")), (Some(1), None));
        control.undo(&author(), 4, Undo::BackTo).await.unwrap();
        assert_eq!((weight(control, "a"), weight(control, "b")), (Some(2), Some(2)));
        let proxy = control.objects()[&(Provider, "b".to_owned())].body["proxy"].clone();
        assert!(proxy.as_str().unwrap().contains("secret-of-the-proxy"), "secrets come back too");
        let kept = format!("{:?}", control.list_revisions(10, None).await.unwrap());
        assert!(!kept.contains("secret-of-the-proxy"));
    }
}

#[tokio::test]
async fn other_processes_follow() {
    for ground in grounds(FILE).await {
        let other = control(&ground.place).await;
        let shutdown = CancellationToken::new();
        let following = tokio::spawn(other.clone().run_follow(shutdown.clone()));
        put(&ground.control, "added", 7).await.unwrap();
        let followed = async {
            while weight(&other, "added") != Some(7) {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), followed).await.unwrap();
        shutdown.cancel();
        following.await.unwrap();
    }
}

#[tokio::test]
async fn settings_are_laid_under_the_file() {
    for ground in grounds("gateway: { max_attempts: 5 }\n").await {
        let control = &ground.control;
        let set = change(control, |draft| {
            draft.put(Settings, "gateway", json!({ "max_attempts": 9, "affinity": false }));
        });
        set.await.unwrap();
        let config = control.config();
        assert_eq!((config.gateway.max_attempts, config.gateway.affinity), (5, false));
        assert_eq!(config.sources.field("/gateway/max_attempts"), Some(&Source::File { line: 1 }));
        assert_eq!(config.sources.field("/gateway/affinity"), Some(&Source::Console));
        assert_eq!(config.sources.field("/gateway/lossy"), Some(&Source::File { line: 1 }));
    }
}

#[tokio::test]
async fn what_a_changed_file_leaves_without_ground_is_set_aside_and_comes_back() {
    for ground in grounds(FILE).await {
        let control = &ground.control;
        let routed = change(control, |draft| {
            draft.put(Route, "chat", json!({ "tiers": [[{ "provider": "filed", "model": "m" }]] }));
        });
        routed.await.unwrap();
        let file = ground.place.folder().join("roundhouse.yaml");
        std::fs::write(&file, "providers: []\n").unwrap();
        control.reload().await.unwrap();
        assert_eq!(control.set_aside().len(), 1);
        put(control, "other", 1).await.unwrap();
        std::fs::write(&file, FILE).unwrap();
        control.reload().await.unwrap();
        assert!(control.set_aside().is_empty());
        assert!(control.gateway().snapshot().routes.contains_key("chat"));
    }
}

#[tokio::test]
async fn paths_of_the_machine_are_the_files_to_set() {
    for ground in grounds(FILE).await {
        let refused = change(&ground.control, |draft| {
            draft.put(Provider, "wrong", json!({ "kind": "openai", "keys_file": "/etc/passwd" }));
        });
        assert_eq!(refused.await.unwrap_err().fields()[0].0, "keys_file");
    }
}
