//! Invitations, links and passwords.

use roundhouse_accounts::invitations::{Invitation, invite, send_link};
use roundhouse_accounts::passwords::{change, forgot, look_at_link, set_by_link};
use roundhouse_accounts::sessions::authenticate;
use roundhouse_accounts::{Authority, Role, Sent};
use roundhouse_domain::Secret;

use crate::support::{PASSWORD, services};

fn token(sent: Sent) -> Secret {
    let link = sent.link.expect("without mail the link is shown");
    let (_, token) = link.expose().split_once("#token=").expect("the link has a token");
    Secret::from(token)
}

fn invitation() -> Invitation {
    Invitation {
        email: "ada@example.com".to_owned(),
        name: "Ada".to_owned(),
        role: Role::Member,
        groups: Vec::new(),
        language: Some("zh-CN".to_owned()),
    }
}

#[tokio::test]
async fn who_is_invited_chooses_a_password_once() {
    for service in services().await {
        let accounts = &service.accounts;
        let (user, sent) = invite(accounts, Authority::Operator, &invitation()).await.unwrap();
        assert!(!user.has_password);
        service.login("ada@example.com", "").await.unwrap_err();
        let link = sent.link.clone().unwrap();
        assert!(link.expose().starts_with("https://llm.example.com/invitation#token="), "{}", link.expose());
        let token = token(sent);
        let (owner, kind) = look_at_link(accounts, &token).await.unwrap();
        assert_eq!((owner.id, kind.as_str()), (user.id, "invitation"));
        let short = set_by_link(accounts, &token, &Secret::from("short")).await.unwrap_err();
        assert_eq!(short.code(), "password_invalid");
        let elsewhere = service.another();
        let password = Secret::from(PASSWORD);
        let (one, two) = tokio::join!(
            set_by_link(accounts, &token, &password),
            set_by_link(&elsewhere, &token, &password)
        );
        assert_ne!(one.is_ok(), two.is_ok());
        service.login("ada@example.com", PASSWORD).await.unwrap();
        assert_eq!(look_at_link(accounts, &token).await.unwrap_err().code(), "link_invalid");
        assert_eq!(service.actions().await, ["users.reset_password", "users.create"]);
    }
}

#[tokio::test]
async fn a_link_expires_and_the_next_one_ends_it() {
    for service in services().await {
        let (accounts, by) = (&service.accounts, Authority::Operator);
        let ada = service.add("ada@example.com", Role::Member).await;
        let first = token(send_link(accounts, by, ada.id).await.unwrap());
        let second = token(send_link(accounts, by, ada.id).await.unwrap());
        look_at_link(accounts, &first).await.unwrap_err();
        service.after(3_599);
        assert_eq!(look_at_link(accounts, &second).await.unwrap().1.as_str(), "password_reset");
        service.after(1);
        look_at_link(accounts, &second).await.unwrap_err();
        set_by_link(accounts, &second, &Secret::from("another horse")).await.unwrap_err();
        service.login("ada@example.com", PASSWORD).await.unwrap();
    }
}

#[tokio::test]
async fn a_password_by_link_ends_all_logins() {
    for service in services().await {
        let accounts = &service.accounts;
        let ada = service.add("ada@example.com", Role::Member).await;
        let tokens = service.login("ada@example.com", PASSWORD).await.unwrap();
        let token = token(send_link(accounts, Authority::Operator, ada.id).await.unwrap());
        set_by_link(accounts, &token, &Secret::from("another horse")).await.unwrap();
        authenticate(accounts, tokens.access_token.expose()).await.unwrap_err();
        service.login("ada@example.com", "another horse").await.unwrap();
    }
}

#[tokio::test]
async fn ones_own_password_is_changed_by_who_knows_it() {
    for service in services().await {
        let accounts = &service.accounts;
        service.add("ada@example.com", Role::Member).await;
        let other = service.login("ada@example.com", PASSWORD).await.unwrap();
        let tokens = service.login("ada@example.com", PASSWORD).await.unwrap();
        let ada = authenticate(accounts, tokens.access_token.expose()).await.unwrap();
        let next = Secret::from("another horse");
        let error = change(accounts, &ada, &Secret::from("guess"), &next).await.unwrap_err();
        assert_eq!(error.code(), "current_password_wrong");
        change(accounts, &ada, &Secret::from(PASSWORD), &next).await.unwrap();
        authenticate(accounts, tokens.access_token.expose()).await.unwrap();
        authenticate(accounts, other.access_token.expose()).await.unwrap_err();
        for _ in 0..3 {
            change(accounts, &ada, &Secret::from("guess"), &next).await.unwrap_err();
        }
        let error = change(accounts, &ada, &next, &next).await.unwrap_err();
        assert_eq!(error.code(), "too_many_attempts");
    }
}

#[tokio::test]
async fn without_mail_forgotten_passwords_are_for_administrators() {
    for service in services().await {
        let error = forgot(&service.accounts, "ada@example.com", None).await.unwrap_err();
        assert_eq!(error.code(), "mail_not_configured");
    }
}
