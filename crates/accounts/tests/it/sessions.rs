//! Logging in, staying logged in, logging out.

use std::time::Duration;

use roundhouse_accounts::sessions::{LoginError, authenticate, logout, refresh};
use roundhouse_accounts::{Role, users};
use roundhouse_domain::{ErrorKind, Secret};

use crate::support::{PASSWORD, services};

#[tokio::test]
async fn who_logs_in_is_known_by_the_access_token() {
    for service in services().await {
        let ada = service.add("Ada@Example.com", Role::Administrator).await;
        let tokens = service.login("ada@example.COM", PASSWORD).await.unwrap();
        assert_eq!((&tokens.user, tokens.expires_in), (&ada, Duration::from_mins(15)));
        let actor = authenticate(&service.accounts, tokens.access_token.expose()).await.unwrap();
        assert_eq!((actor.user_id, actor.role), (ada.id, Role::Administrator));
        actor.require_administrator().unwrap();
        let me = users::me(&service.accounts, &actor).await.unwrap().user;
        assert_eq!((me.id, me.last_login_at), (ada.id, Some(service.clock.now())));
    }
}

#[tokio::test]
async fn nobody_learns_whether_it_was_the_address_or_the_password() {
    for service in services().await {
        service.add("ada@example.com", Role::Member).await;
        for (email, password) in [("ada@example.com", "wrong"), ("eve@example.com", PASSWORD)] {
            let error = service.login(email, password).await.unwrap_err();
            assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthenticated, "wrong_credentials"));
        }
    }
}

#[tokio::test]
async fn guessing_has_to_wait_even_with_the_right_password() {
    for service in services().await {
        service.add("ada@example.com", Role::Member).await;
        for _ in 0..3 {
            service.login("ada@example.com", "wrong").await.unwrap_err();
        }
        let error = service.login("ada@example.com", PASSWORD).await.unwrap_err();
        assert!(
            matches!(error, LoginError::Throttled { retry_after } if retry_after == Duration::from_mins(15))
        );
        assert_eq!((error.kind(), error.code()), (ErrorKind::RateLimited, "too_many_logins"));
        service.after(900);
        service.login("ada@example.com", PASSWORD).await.unwrap();
    }
}

#[tokio::test]
async fn an_access_token_expires() {
    for service in services().await {
        service.add("ada@example.com", Role::Member).await;
        let tokens = service.login("ada@example.com", PASSWORD).await.unwrap();
        service.after(899);
        authenticate(&service.accounts, tokens.access_token.expose()).await.unwrap();
        service.after(1);
        let error = authenticate(&service.accounts, tokens.access_token.expose()).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthenticated, "session_ended"));
    }
}

#[tokio::test]
async fn tokens_are_not_interchangeable() {
    for service in services().await {
        service.add("ada@example.com", Role::Member).await;
        let tokens = service.login("ada@example.com", PASSWORD).await.unwrap();
        authenticate(&service.accounts, tokens.refresh_token.expose()).await.unwrap_err();
        authenticate(&service.accounts, "").await.unwrap_err();
        refresh(&service.accounts, &tokens.access_token).await.unwrap_err();
    }
}

#[tokio::test]
async fn a_login_is_renewed_again_and_again_until_it_rests_too_long() {
    for service in services().await {
        service.add("ada@example.com", Role::Member).await;
        let mut tokens = service.login("ada@example.com", PASSWORD).await.unwrap();
        for _ in 0..3 {
            service.after(29 * 86_400);
            tokens = refresh(&service.accounts, &tokens.refresh_token).await.unwrap();
            authenticate(&service.accounts, tokens.access_token.expose()).await.unwrap();
        }
        service.after(30 * 86_400);
        refresh(&service.accounts, &tokens.refresh_token).await.unwrap_err();
    }
}

#[tokio::test]
async fn a_copied_refresh_token_ends_the_login() {
    for service in services().await {
        service.add("ada@example.com", Role::Member).await;
        let old = service.login("ada@example.com", PASSWORD).await.unwrap();
        let new = refresh(&service.accounts, &old.refresh_token).await.unwrap();
        service.after(11);
        refresh(&service.accounts, &old.refresh_token).await.unwrap_err();
        authenticate(&service.accounts, new.access_token.expose()).await.unwrap_err();
        refresh(&service.accounts, &new.refresh_token).await.unwrap_err();
    }
}

#[tokio::test]
async fn the_slower_of_two_tabs_is_refused_and_the_login_lives_on() {
    for service in services().await {
        service.add("ada@example.com", Role::Member).await;
        let old = service.login("ada@example.com", PASSWORD).await.unwrap();
        let (one, two) = tokio::join!(
            refresh(&service.accounts, &old.refresh_token),
            refresh(&service.accounts, &old.refresh_token)
        );
        assert_ne!(one.is_ok(), two.is_ok());
        let new = one.or(two).unwrap();
        service.after(10);
        refresh(&service.accounts, &old.refresh_token).await.unwrap_err();
        refresh(&service.accounts, &new.refresh_token).await.unwrap();
    }
}

#[tokio::test]
async fn an_invented_refresh_token_ends_nothing() {
    for service in services().await {
        service.add("ada@example.com", Role::Member).await;
        let tokens = service.login("ada@example.com", PASSWORD).await.unwrap();
        service.after(60);
        let mut invented = tokens.refresh_token.expose().to_owned();
        let last = if invented.pop() == Some('A') { 'Q' } else { 'A' };
        invented.push(last);
        refresh(&service.accounts, &Secret::from(invented)).await.unwrap_err();
        refresh(&service.accounts, &tokens.refresh_token).await.unwrap();
    }
}

#[tokio::test]
async fn a_logout_counts_at_once_here_and_within_seconds_elsewhere() {
    for service in services().await {
        service.add("ada@example.com", Role::Member).await;
        let elsewhere = service.another();
        let tokens = service.login("ada@example.com", PASSWORD).await.unwrap();
        let bearer = tokens.access_token.expose();
        let actor = authenticate(&service.accounts, bearer).await.unwrap();
        authenticate(&elsewhere, bearer).await.unwrap();
        logout(&service.accounts, &actor).await.unwrap();
        authenticate(&service.accounts, bearer).await.unwrap_err();
        refresh(&elsewhere, &tokens.refresh_token).await.unwrap_err();
        service.after(5);
        authenticate(&elsewhere, bearer).await.unwrap_err();
        authenticate(&service.accounts, bearer).await.unwrap_err();
    }
}

#[tokio::test]
async fn who_is_kept_out_is_out_within_seconds() {
    for service in services().await {
        let mut ada = service.add("ada@example.com", Role::Administrator).await;
        let tokens = service.login("ada@example.com", PASSWORD).await.unwrap();
        authenticate(&service.accounts, tokens.access_token.expose()).await.unwrap();
        ada.disabled = true;
        let transaction = service.test.database.write().await.unwrap();
        roundhouse_storage::users::update(&transaction, &ada).await.unwrap();
        transaction.commit().await.unwrap();
        service.after(5);
        authenticate(&service.accounts, tokens.access_token.expose()).await.unwrap_err();
        refresh(&service.accounts, &tokens.refresh_token).await.unwrap_err();
        assert_eq!(service.login("ada@example.com", PASSWORD).await.unwrap_err().code(), "wrong_credentials");
    }
}
