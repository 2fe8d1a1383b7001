//! Adding people, and looking after their passwords.

use roundhouse_accounts::sessions::{authenticate, refresh};
use roundhouse_accounts::users::{NewUser, create, ensure_first_administrator, list, reset_password};
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
                list(&service.accounts, by, 10, None).await.map(drop),
                reset_password(&service.accounts, by, "new@example.com", &Secret::from("another horse"))
                    .await,
            ];
            let denied = results.map(|result| result.err().map(|error| error.kind()));
            assert_eq!(denied, [if allowed { None } else { Some(ErrorKind::Denied) }; 3], "{email}");
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
        let reset = async |email| {
            let password = Secret::from("another horse");
            reset_password(&service.accounts, Authority::Operator, email, &password).await
        };
        reset("ADA@example.com").await.unwrap();
        authenticate(&service.accounts, tokens.access_token.expose()).await.unwrap_err();
        refresh(&service.accounts, &tokens.refresh_token).await.unwrap_err();
        service.login("ada@example.com", PASSWORD).await.unwrap_err();
        service.login("ada@example.com", "another horse").await.unwrap();
        assert_eq!(reset("eve@example.com").await.unwrap_err().code(), "user_not_found");
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
        let people = list(&service.accounts, Authority::Operator, 10, None).await.unwrap();
        assert_eq!(people.len(), 1);
        assert_eq!((people[0].email.as_str(), people[0].role), ("root@example.com", Role::Administrator));
    }
}
