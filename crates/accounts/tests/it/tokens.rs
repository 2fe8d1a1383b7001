//! Personal tokens.

use roundhouse_accounts::sessions::authenticate;
use roundhouse_accounts::tokens::{NewToken, PREFIX, create, delete, list};
use roundhouse_accounts::{Credential, Role};
use roundhouse_domain::{Permission, Permissions, Secret, Timestamp};

use crate::support::services;

fn new(scopes: Option<Permissions>, expires_at: Option<Timestamp>) -> NewToken {
    NewToken { name: "laptop".to_owned(), scopes, expires_at }
}

#[tokio::test]
async fn a_token_may_what_its_scopes_and_its_owner_may() {
    for service in services().await {
        service.add("root@example.com", Role::Administrator).await;
        let root = service.actor("root@example.com").await;
        let (wide, wide_secret) = create(&service.accounts, &root, &new(None, None)).await.unwrap();
        assert!(wide_secret.expose().starts_with(PREFIX));
        let actor = authenticate(&service.accounts, wide_secret.expose()).await.unwrap();
        assert_eq!((actor.user_id, actor.credential), (root.user_id, Credential::Token(wide.id)));
        actor.require_administrator().unwrap();
        let scopes: Permissions = [Permission::UsageRead].into_iter().collect();
        let (_, secret) = create(&service.accounts, &root, &new(Some(scopes), None)).await.unwrap();
        let actor = authenticate(&service.accounts, secret.expose()).await.unwrap();
        assert_eq!(actor.permissions, scopes);
        assert_eq!(actor.require_administrator().unwrap_err().code(), "administrator_required");
        let error = create(&service.accounts, &actor, &new(None, None)).await.unwrap_err();
        assert_eq!(error.code(), "session_required", "a token makes no tokens");
    }
}

#[tokio::test]
async fn a_token_is_not_asked_for_more_than_its_owner_has() {
    for service in services().await {
        service.add("ada@example.com", Role::Member).await;
        let ada = service.actor("ada@example.com").await;
        let now = service.clock.now();
        let beyond: Permissions = [Permission::UsersWrite].into_iter().collect();
        for (token, code) in [
            (new(Some(beyond), None), "scopes_invalid"),
            (new(None, Some(now)), "expiry_invalid"),
            (NewToken { name: " ".into(), ..new(None, None) }, "name_invalid"),
        ] {
            assert_eq!(create(&service.accounts, &ada, &token).await.unwrap_err().code(), code);
        }
    }
}

#[tokio::test]
async fn a_token_ends_when_it_expires_or_is_removed() {
    for service in services().await {
        service.add("ada@example.com", Role::Member).await;
        let ada = service.actor("ada@example.com").await;
        let end = service.clock.now().plus(std::time::Duration::from_mins(1));
        let (_, short) = create(&service.accounts, &ada, &new(None, Some(end))).await.unwrap();
        let (kept, long) = create(&service.accounts, &ada, &new(None, None)).await.unwrap();
        let holds = async |token: &Secret| authenticate(&service.accounts, token.expose()).await.is_ok();
        assert!(holds(&short).await && holds(&long).await);
        service.after(58);
        assert!(holds(&short).await);
        service.after(2);
        assert!(!holds(&short).await && holds(&long).await);
        let seen = list(&service.accounts, &ada, 10, None).await.unwrap();
        let noted = |time: Option<Timestamp>| service.clock.now().since(time.unwrap()).as_secs();
        assert_eq!(seen.iter().map(|token| noted(token.last_used_at)).collect::<Vec<_>>(), [60, 0]);
        delete(&service.accounts, &ada, kept.id).await.unwrap();
        assert!(!holds(&long).await);
        assert_eq!(delete(&service.accounts, &ada, kept.id).await.unwrap_err().code(), "token_not_found");
        assert!(!holds(&Secret::from("rhp-guess")).await);
        assert_eq!(service.actions().await[..2], ["tokens.delete", "tokens.create"]);
    }
}

#[tokio::test]
async fn somebody_elses_token_is_not_found() {
    for service in services().await {
        for email in ["ada@example.com", "eve@example.com"] {
            service.add(email, Role::Member).await;
        }
        let (ada, eve) = (service.actor("ada@example.com").await, service.actor("eve@example.com").await);
        let (token, _) = create(&service.accounts, &ada, &new(None, None)).await.unwrap();
        assert_eq!(delete(&service.accounts, &eve, token.id).await.unwrap_err().code(), "token_not_found");
        assert_eq!(list(&service.accounts, &eve, 10, None).await.unwrap(), []);
    }
}
