//! Keys of providers.

use roundhouse_domain::spec::{KeyLimitSpec, KeySettingsSpec};
use roundhouse_domain::{Ids, KeyHash, KeyStateRecord, KeyStatus, Secret};
use roundhouse_storage::provider_keys::{
    self as keys, Declared, DeclaredKey, Filter, NewProviderKey, Settings, StatusCounts, Synced,
};
use roundhouse_storage::testing::databases;
use roundhouse_storage::{Database, MasterKey, provider_key_states};

use crate::support::{NOW, ids, key_hash, later, write};

fn master() -> MasterKey {
    MasterKey::from_text(&Secret::from("a key of the tests"))
}

fn secrets(range: std::ops::Range<u32>) -> Vec<(KeyHash, Secret)> {
    range.map(|number| (key_hash(number), Secret::new(format!("sk-secret-{number:08}")))).collect()
}

fn entered(ids: &Ids, range: std::ops::Range<u32>) -> Vec<NewProviderKey> {
    let key = |(key_hash, secret): (KeyHash, Secret)| NewProviderKey {
        id: ids.next(),
        key_hash,
        sealed: master().seal(secret.expose().as_bytes(), keys::SEALING_CONTEXT).unwrap(),
        masked: secret.masked(),
        settings: Settings::default(),
        created_at: NOW,
    };
    secrets(range).into_iter().map(key).collect()
}

async fn declare(database: &Database, ids: &Ids, keys: &[(KeyHash, Secret)]) -> Synced {
    let key = |(hash, secret): &(KeyHash, Secret)| DeclaredKey {
        hash: *hash,
        secret: secret.clone(),
        settings: None,
    };
    let keys: Vec<_> = keys.iter().map(key).collect();
    declare_all(database, ids, &keys).await
}

async fn declare_all(database: &Database, ids: &Ids, keys: &[DeclaredKey]) -> Synced {
    let declared = Declared { provider: "openai", keys, now: NOW };
    write!(database, |transaction| keys::sync_declared(&transaction, &declared, &master(), ids)).unwrap()
}

async fn set_state(database: &Database, key_hash: KeyHash, status: KeyStatus) {
    let state = KeyStateRecord {
        provider: "openai".into(),
        key_hash,
        status,
        cooling_until: (status == KeyStatus::Cooling).then(|| later(1_000)),
        failures: 3,
        rate_limits: 0,
        last_error: Some("refused".into()),
        changed_at: NOW,
    };
    write!(database, |transaction| provider_key_states::upsert_batch(&transaction, &[state])).unwrap();
}

const EVERYTHING: Filter<'_> = Filter::all("openai", NOW);

#[tokio::test]
async fn stored_keys_open_under_the_master_key_and_are_shown_masked() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let new = entered(&ids, 0..2);
        assert_eq!(
            write!(database, |transaction| keys::insert_many(&transaction, "openai", &new)).unwrap(),
            2
        );
        let listed = keys::list(database.reader(), &EVERYTHING, 10, None).await.unwrap();
        assert_eq!(listed[0].masked, "sk-s****0000");
        assert_eq!((listed[0].status, listed[0].failures, listed[0].declared), (KeyStatus::Active, 0, false));
        let sealed = keys::get_sealed(database.reader(), listed[0].id).await.unwrap().unwrap();
        assert_eq!(
            master().open_text(&sealed, keys::SEALING_CONTEXT).unwrap().expose(),
            "sk-secret-00000000"
        );
        let all = keys::list_sealed(database.reader(), "openai").await.unwrap();
        assert_eq!(all.iter().map(|(hash, _)| *hash).collect::<Vec<_>>(), [new[0].key_hash, new[1].key_hash]);
        assert_eq!(keys::get_sealed(database.reader(), ids.next()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_key_is_stored_once_for_each_provider() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let insert = async |provider, range| {
            let new = entered(&ids, range);
            write!(database, |transaction| keys::insert_many(&transaction, provider, &new)).unwrap()
        };
        assert_eq!(insert("openai", 0..3).await, 3);
        assert_eq!(insert("openai", 1..5).await, 2);
        assert_eq!(insert("azure", 0..3).await, 3);
    }
}

#[tokio::test]
async fn keys_are_listed_in_pages_and_by_status() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let new = entered(&ids, 0..5);
        write!(database, |transaction| keys::insert_many(&transaction, "openai", &new)).unwrap();
        set_state(database, new[1].key_hash, KeyStatus::Invalid).await;
        set_state(database, new[3].key_hash, KeyStatus::Invalid).await;
        let page = keys::list(database.reader(), &EVERYTHING, 2, Some(new[1].id)).await.unwrap();
        assert_eq!(page.iter().map(|key| key.id).collect::<Vec<_>>(), [new[2].id, new[3].id]);
        let invalid = Filter { status: Some(KeyStatus::Invalid), ..EVERYTHING };
        let page = keys::list(database.reader(), &invalid, 2, Some(new[1].id)).await.unwrap();
        assert_eq!(page.iter().map(|key| key.id).collect::<Vec<_>>(), [new[3].id]);
        assert_eq!((page[0].failures, page[0].last_error.as_deref()), (3, Some("refused")));
    }
}

#[tokio::test]
async fn a_key_whose_rest_is_over_counts_as_active() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let new = entered(&ids, 0..4);
        write!(database, |transaction| keys::insert_many(&transaction, "openai", &new)).unwrap();
        for (key, status) in new.iter().zip([KeyStatus::Cooling, KeyStatus::Invalid, KeyStatus::Disabled]) {
            set_state(database, key.key_hash, status).await;
        }
        let now = keys::count_by_status(database.reader(), "openai", NOW).await.unwrap();
        assert_eq!(now, StatusCounts { active: 1, cooling: 1, invalid: 1, disabled: 1 });
        assert_eq!(now.total(), 4);
        let soon = keys::count_by_status(database.reader(), "openai", later(1_000)).await.unwrap();
        assert_eq!(soon, StatusCounts { active: 2, cooling: 0, invalid: 1, disabled: 1 });
        let listed = keys::list(database.reader(), &EVERYTHING, 1, None).await.unwrap();
        assert_eq!((listed[0].status, listed[0].cooling_until), (KeyStatus::Cooling, Some(later(1_000))));
        let filter = Filter { now: later(1_000), ..EVERYTHING };
        let listed = keys::list(database.reader(), &filter, 1, None).await.unwrap();
        assert_eq!((listed[0].status, listed[0].cooling_until), (KeyStatus::Active, None));
    }
}

#[tokio::test]
async fn a_key_is_deleted_once_and_with_its_state() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let new = entered(&ids, 0..1);
        write!(database, |transaction| keys::insert_many(&transaction, "openai", &new)).unwrap();
        set_state(database, new[0].key_hash, KeyStatus::Invalid).await;
        assert_eq!(write!(database, |transaction| keys::delete_many(&transaction, &[new[0].id])).unwrap(), 1);
        assert_eq!(write!(database, |transaction| keys::delete_many(&transaction, &[new[0].id])).unwrap(), 0);
        assert_eq!(provider_key_states::list_all(database.reader()).await.unwrap(), []);
    }
}

#[tokio::test]
async fn declared_keys_follow_their_file_and_entered_ones_stay() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let by_hand = entered(&ids, 9..10);
        write!(database, |transaction| keys::insert_many(&transaction, "openai", &by_hand)).unwrap();
        assert_eq!(declare(database, &ids, &secrets(0..4)).await, Synced { added: 4, removed: 0 });
        assert_eq!(declare(database, &ids, &secrets(0..4)).await, Synced::default(), "nothing changed");
        let gone = secrets(0..1)[0].0;
        set_state(database, gone, KeyStatus::Invalid).await;
        let mut next = secrets(1..6);
        next.extend(secrets(5..6));
        next.extend(secrets(9..10));
        assert_eq!(declare(database, &ids, &next).await, Synced { added: 2, removed: 1 });
        assert_eq!(provider_key_states::list_all(database.reader()).await.unwrap(), []);
        assert_eq!(declare(database, &ids, &[]).await, Synced { added: 0, removed: 5 });
        let left = keys::list(database.reader(), &EVERYTHING, 10, None).await.unwrap();
        assert_eq!(
            left.iter().map(|key| (key.key_hash, key.declared)).collect::<Vec<_>>(),
            [(by_hand[0].key_hash, false)]
        );
    }
}

#[tokio::test]
async fn a_hundred_thousand_declared_keys_are_synchronised() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let many = secrets(0..100_000);
        assert_eq!(declare(database, &ids, &many).await, Synced { added: 100_000, removed: 0 });
        assert_eq!(declare(database, &ids, &many).await, Synced::default());
        assert_eq!(declare(database, &ids, &many[50_000..]).await, Synced { added: 0, removed: 50_000 });
        let counts = keys::count_by_status(database.reader(), "openai", NOW).await.unwrap();
        assert_eq!(counts, StatusCounts { active: 50_000, ..StatusCounts::default() });
    }
}

fn settings() -> Settings {
    Settings {
        note: "of Bob's 100% account".to_owned(),
        tags: vec!["free".to_owned(), "eu_1".to_owned()],
        weight: 30,
        limits: KeyLimitSpec { requests_per_minute: Some(60), ..KeyLimitSpec::default() },
        sealed_proxy: Some(vec![1, 2, 3]),
    }
}

#[tokio::test]
async fn what_is_said_of_a_key_is_kept_and_finds_it() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let mut new = entered(&ids, 0..4);
        new[0].settings = settings();
        write!(database, |transaction| keys::insert_many(&transaction, "openai", &new)).unwrap();
        write!(database, |transaction| keys::update(&transaction, new[2].id, &settings(), false, later(5)))
            .unwrap();
        let found = keys::get(database.reader(), new[2].id, NOW).await.unwrap().unwrap();
        assert_eq!(
            (found.settings, found.status, found.updated_at),
            (settings(), KeyStatus::Disabled, later(5))
        );
        let find = async |filter: Filter<'_>| {
            let listed = keys::list(database.reader(), &filter, 10, None).await.unwrap();
            assert_eq!(keys::count(database.reader(), &filter).await.unwrap(), listed.len() as u64);
            listed.iter().map(|key| new.iter().position(|new| new.id == key.id).unwrap()).collect::<Vec<_>>()
        };
        let by = |text| Filter { text: Some(text), ..EVERYTHING };
        assert_eq!(find(by("bob'S")).await, [0, 2]);
        assert_eq!(find(by("100%")).await, [0, 2]);
        assert_eq!(find(by("100_")).await, [] as [usize; 0], "a wildcard is a character");
        assert_eq!(find(by("****0003")).await, [3]);
        assert_eq!(find(Filter { tag: Some("free"), ..EVERYTHING }).await, [0, 2]);
        assert_eq!(find(Filter { tag: Some("fre"), ..EVERYTHING }).await, [] as [usize; 0]);
        assert_eq!(
            find(Filter { tag: Some("eu_1"), status: Some(KeyStatus::Active), ..EVERYTHING }).await,
            [0]
        );
        assert_eq!(find(Filter { key: Some(new[1].key_hash), ..EVERYTHING }).await, [1]);
        assert_eq!(find(Filter { provider: "azure", ..EVERYTHING }).await, [] as [usize; 0]);
        assert!(
            !write!(database, |transaction| keys::update(&transaction, ids.next(), &settings(), true, NOW))
                .unwrap()
        );
    }
}

#[tokio::test]
async fn what_a_snapshot_needs_of_entered_keys_is_read_at_once() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let mut new = entered(&ids, 0..3);
        new[1].settings = settings();
        write!(database, |transaction| keys::insert_many(&transaction, "openai", &new)).unwrap();
        declare(database, &ids, &secrets(5..7)).await;
        let all: Vec<_> = keys::list(database.reader(), &EVERYTHING, 10, None).await.unwrap();
        let off = [new[2].id, all[3].id];
        assert_eq!(
            write!(database, |transaction| keys::set_enabled(&transaction, &off, false, NOW)).unwrap(),
            2
        );
        let planned = keys::list_planned(database.reader(), "openai").await.unwrap();
        let shown: Vec<_> = planned.iter().map(|key| (key.key_hash, key.enabled, key.weight)).collect();
        let expected =
            [(new[0].key_hash, true, 10), (new[1].key_hash, true, 30), (new[2].key_hash, false, 10)];
        assert_eq!(shown, expected);
        assert_eq!(
            (&planned[1].limits, &planned[1].sealed_proxy),
            (&settings().limits, &settings().sealed_proxy)
        );
        let disabled = keys::list_disabled(database.reader()).await.unwrap();
        assert_eq!(disabled, [("openai".to_owned(), all[3].key_hash)]);
        let some = [new[0].key_hash, key_hash(77)];
        let sealed = keys::find_sealed(database.reader(), "openai", &some).await.unwrap();
        assert_eq!(sealed, [(new[0].key_hash, new[0].sealed.clone())]);
        let many = keys::get_many(database.reader(), &[new[1].id, ids.next(), new[0].id], NOW).await.unwrap();
        assert_eq!(many.iter().map(|key| key.id).collect::<Vec<_>>(), [new[0].id, new[1].id]);
    }
}

#[tokio::test]
async fn changes_of_a_providers_keys_are_counted() {
    for test in databases().await {
        let database = &test.database;
        assert_eq!(keys::versions(database.reader()).await.unwrap().len(), 0);
        for _ in 0..2 {
            write!(database, |transaction| keys::bump_version(&transaction, "openai")).unwrap();
        }
        write!(database, |transaction| keys::delete_all(&transaction, "azure")).unwrap();
        let versions = keys::versions(database.reader()).await.unwrap();
        assert_eq!((versions["openai"], versions["azure"]), (2, 1));
    }
}

#[tokio::test]
async fn tens_of_thousands_of_keys_are_changed_and_removed_at_once() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let new = entered(&ids, 0..33_000);
        write!(database, |transaction| keys::insert_many(&transaction, "openai", &new)).unwrap();
        set_state(database, new[3].key_hash, KeyStatus::Invalid).await;
        let all: Vec<_> = new.iter().map(|key| key.id).collect();
        let off =
            write!(database, |transaction| keys::set_enabled(&transaction, &all[1..], false, NOW)).unwrap();
        assert_eq!(off, 32_999);
        let counts = keys::count_by_status(database.reader(), "openai", NOW).await.unwrap();
        assert_eq!((counts.active, counts.disabled), (1, 32_999));
        let deleted = write!(database, |transaction| keys::delete_many(&transaction, &all[1..])).unwrap();
        assert_eq!(deleted, 32_999);
        assert_eq!(provider_key_states::list_all(database.reader()).await.unwrap(), []);
        assert_eq!(write!(database, |transaction| keys::delete_all(&transaction, "openai")).unwrap(), 1);
    }
}

#[tokio::test]
async fn what_a_file_says_of_its_keys_follows_it() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let said = |note: &str| {
            let (hash, secret) = secrets(0..1).remove(0);
            let settings = KeySettingsSpec { note: note.to_owned(), weight: 3, ..KeySettingsSpec::default() };
            DeclaredKey { hash, secret, settings: Some(Box::new(settings)) }
        };
        for note in ["first", "second"] {
            declare_all(database, &ids, &[said(note)]).await;
            let listed = keys::list(database.reader(), &EVERYTHING, 10, None).await.unwrap();
            assert_eq!((listed[0].settings.note.as_str(), listed[0].settings.weight), (note, 3));
        }
        declare(database, &ids, &secrets(0..1)).await;
        let listed = keys::list(database.reader(), &EVERYTHING, 10, None).await.unwrap();
        assert_eq!(listed[0].settings, Settings::default());
    }
}
