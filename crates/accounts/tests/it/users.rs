//! Adding people, and looking after their passwords.

use roundhouse_accounts::passwords::reset;
use roundhouse_accounts::sessions::{authenticate, refresh};
use roundhouse_accounts::users::{
    Filter, NewUser, UserChange, create, delete, ensure_first_administrator, get, list, update,
};
use roundhouse_accounts::{Authority, Role};
use roundhouse_domain::{ErrorKind, Secret};

use crate::support::{PASSWORD, new_user, services};

#[tokio::test]
async fn only_administrators_add_list_and_reset() {
    for service in services().await {
        service.add("root@example.com", Role::Administrator).await;
        service.add("ada@example.com", Role::Member).await;
        for (email, allowed) in [("root@example.com", true), ("ada@example.com", false)] {
            let tokens = service.login(email, PASSWORD).await.unwrap();
            let actor = authenticate(&service.accounts, tokens.access_token.expose()).await.unwrap();
            let by = Authority::from(&actor);
            let results = [
                create(&service.accounts, by, &new_user("new@example.com", Role::Member)).await.map(drop),
                list(&service.accounts, by, &Filter::default(), (10, None)).await.map(drop),
            ];
            let denied = results.map(|result| result.err().map(|error| error.kind()));
            assert_eq!(denied, [if allowed { None } else { Some(ErrorKind::Denied) }; 2], "{email}");
            let password = Secret::from("another horse");
            let reset = reset(&service.accounts, by, "new@example.com", &password).await;
            assert_eq!(reset.is_ok(), allowed, "{email}");
        }
    }
}

#[tokio::test]
async fn a_person_must_have_an_address_a_short_name_and_a_long_password() {
    for service in services().await {
        let good = new_user("ada@example.com", Role::Member);
        let long = "x".repeat(1_025);
        let cases = [
            (NewUser { email: "ada".into(), ..good.clone() }, "email_invalid"),
            (NewUser { email: "@example.com".into(), ..good.clone() }, "email_invalid"),
            (NewUser { email: "a da@example.com".into(), ..good.clone() }, "email_invalid"),
            (NewUser { email: format!("{long}@example.com"), ..good.clone() }, "email_invalid"),
            (NewUser { name: "x".repeat(101), ..good.clone() }, "name_invalid"),
            (NewUser { password: "short".into(), ..good.clone() }, "password_invalid"),
            (NewUser { password: long.as_str().into(), ..good.clone() }, "password_invalid"),
        ];
        for (new, code) in cases {
            let error = create(&service.accounts, Authority::Operator, &new).await.unwrap_err();
            assert_eq!((error.kind(), error.code()), (ErrorKind::Invalid, code));
        }
        let nameless = NewUser { name: "  ".into(), ..good.clone() };
        assert_eq!(create(&service.accounts, Authority::Operator, &nameless).await.unwrap().name, "ada");
        let error = create(&service.accounts, Authority::Operator, &good).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, "email_taken"));
    }
}

#[tokio::test]
async fn a_new_password_ends_all_logins() {
    for service in services().await {
        service.add("ada@example.com", Role::Member).await;
        let tokens = service.login("ada@example.com", PASSWORD).await.unwrap();
        authenticate(&service.accounts, tokens.access_token.expose()).await.unwrap();
        let give = async |email| {
            let password = Secret::from("another horse");
            reset(&service.accounts, Authority::Operator, email, &password).await
        };
        give("ADA@example.com").await.unwrap();
        authenticate(&service.accounts, tokens.access_token.expose()).await.unwrap_err();
        refresh(&service.accounts, &tokens.refresh_token).await.unwrap_err();
        service.login("ada@example.com", PASSWORD).await.unwrap_err();
        service.login("ada@example.com", "another horse").await.unwrap();
        assert_eq!(give("eve@example.com").await.unwrap_err().code(), "user_not_found");
    }
}

#[tokio::test]
async fn the_first_administrator_is_added_once() {
    for service in services().await {
        let password = Secret::from(PASSWORD);
        let another = service.another();
        let (one, two) = tokio::join!(
            ensure_first_administrator(&service.accounts, "root@example.com", &password),
            ensure_first_administrator(&another, "root@example.com", &password)
        );
        assert_ne!(one.unwrap(), two.unwrap());
        assert!(!ensure_first_administrator(&service.accounts, "eve@example.com", &password).await.unwrap());
        let people =
            list(&service.accounts, Authority::Operator, &Filter::default(), (10, None)).await.unwrap();
        assert_eq!(people.len(), 1);
        assert_eq!((people[0].email.as_str(), people[0].role), ("root@example.com", Role::Administrator));
    }
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    for service in services().await {
        let root = service.add("root@example.com", Role::Administrator).await;
        let demote = UserChange { role: Some(Role::Member), ..UserChange::default() };
        let disable = UserChange { disabled: Some(true), ..UserChange::default() };
        let by = Authority::Operator;
        for change in [&demote, &disable] {
            let error = update(&service.accounts, by, root.id, change).await.unwrap_err();
            assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, "last_administrator"));
        }
        assert_eq!(delete(&service.accounts, by, root.id).await.unwrap_err().code(), "last_administrator");
        let ada = service.add("ada@example.com", Role::Administrator).await;
        let elsewhere = service.another();
        let (one, two) = tokio::join!(
            update(&service.accounts, by, root.id, &demote),
            update(&elsewhere, by, ada.id, &demote)
        );
        assert_ne!(one.is_ok(), two.is_ok(), "of two who go at the same time, one stays");
    }
}

#[tokio::test]
async fn who_is_disabled_is_logged_out_and_what_changed_is_written_down() {
    for service in services().await {
        service.add("root@example.com", Role::Administrator).await;
        let ada = service.add("ada@example.com", Role::Member).await;
        let root = service.actor("root@example.com").await;
        let tokens = service.login("ada@example.com", PASSWORD).await.unwrap();
        authenticate(&service.accounts, tokens.access_token.expose()).await.unwrap();
        let change =
            UserChange { name: Some("Countess".into()), disabled: Some(true), ..UserChange::default() };
        let by = Authority::from(&root);
        let changed = update(&service.accounts, by, ada.id, &change).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.disabled), ("Countess", true));
        authenticate(&service.accounts, tokens.access_token.expose()).await.unwrap_err();
        service.login("ada@example.com", PASSWORD).await.unwrap_err();
        delete(&service.accounts, by, ada.id).await.unwrap();
        assert_eq!(get(&service.accounts, by, ada.id).await.unwrap_err().code(), "user_not_found");
        let reader = service.test.database.reader();
        let filter = roundhouse_storage::audit::Filter::default();
        let entries = roundhouse_storage::audit::list(reader, &filter, 2, None).await.unwrap();
        let [deleted, updated] = entries.as_slice() else { panic!("{entries:?}") };
        assert_eq!(
            (deleted.action.as_str(), deleted.object_name.as_str()),
            ("users.delete", "ada@example.com")
        );
        assert_eq!(updated.author.name, "root@example.com");
        assert_eq!(updated.detail["disabled"], serde_json::json!({ "before": false, "after": true }));
        assert_eq!(updated.detail.get("email"), None);
    }
}
