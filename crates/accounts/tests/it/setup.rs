//! The one-time link of the first person.

use roundhouse_accounts::Role;
use roundhouse_accounts::sessions::authenticate;
use roundhouse_accounts::setup::{complete, token_if_needed};
use roundhouse_domain::{ErrorKind, Secret};

use crate::support::{device, new_user, services};

#[tokio::test]
async fn the_first_person_becomes_administrator_and_is_logged_in() {
    for service in services().await {
        let token = token_if_needed(&service.accounts).await.unwrap().unwrap();
        let tokens =
            complete(&service.accounts, &token, &new_user("ada@example.com", Role::Member), &device())
                .await
                .unwrap();
        assert_eq!(tokens.user.role, Role::Administrator);
        authenticate(&service.accounts, tokens.access_token.expose())
            .await
            .unwrap()
            .require_administrator()
            .unwrap();
        assert!(token_if_needed(&service.accounts).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn the_link_is_the_same_in_every_process() {
    for service in services().await {
        let token = token_if_needed(&service.accounts).await.unwrap().unwrap();
        assert_eq!(token_if_needed(&service.another()).await.unwrap().unwrap(), token);
    }
}

#[tokio::test]
async fn a_wrong_link_changes_nothing() {
    for service in services().await {
        let new = new_user("eve@example.com", Role::Member);
        for token in ["", "guess", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            let error = complete(&service.accounts, &Secret::from(token), &new, &device()).await.unwrap_err();
            assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthenticated, "setup_token_wrong"));
            assert!(token_if_needed(&service.accounts).await.unwrap().is_some());
        }
    }
}

#[tokio::test]
async fn the_link_survives_what_was_typed_wrong_and_works_once() {
    for service in services().await {
        let token = token_if_needed(&service.accounts).await.unwrap().unwrap();
        let error =
            complete(&service.accounts, &token, &new_user("ada", Role::Member), &device()).await.unwrap_err();
        assert_eq!(error.code(), "email_invalid");
        let (ada, eve) =
            (new_user("ada@example.com", Role::Member), new_user("eve@example.com", Role::Member));
        let device = device();
        let (one, two) = tokio::join!(
            complete(&service.accounts, &token, &ada, &device),
            complete(&service.accounts, &token, &eve, &device)
        );
        assert_ne!(one.is_ok(), two.is_ok());
        let error = complete(&service.accounts, &token, &eve, &device).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, "setup_done"));
    }
}
