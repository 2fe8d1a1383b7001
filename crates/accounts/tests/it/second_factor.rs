//! One-time codes as a second factor.

use roundhouse_accounts::second_factor::{
    begin, confirm, count_recovery_codes, remove, renew_recovery_codes, reset,
};
use roundhouse_accounts::{Actor, Authority, Role};
use roundhouse_domain::{ErrorKind, Secret};
use totp_rs::Builder;

use crate::support::{PASSWORD, Service, services};

const EMAIL: &str = "ada@example.com";

/// The code that an app shows now.
fn code(service: &Service, secret: &Secret) -> Secret {
    let secret = totp_rs::Secret::try_from_base32(secret.expose()).unwrap();
    let seconds = u64::try_from(service.clock.now().as_millis() / 1_000).unwrap();
    Secret::new(Builder::new().with_secret(secret).build().unwrap().generate(seconds).to_string())
}

async fn enrolled(service: &Service) -> (Actor, Secret, Vec<Secret>) {
    service.add(EMAIL, Role::Member).await;
    let ada = service.actor(EMAIL).await;
    let begun = begin(&service.accounts, &ada, &Secret::from(PASSWORD)).await.unwrap();
    let codes = confirm(&service.accounts, &ada, &code(service, &begun.secret)).await.unwrap();
    service.after(30);
    (ada, begun.secret, codes)
}

#[tokio::test]
async fn a_login_needs_the_code_and_each_code_works_once() {
    for service in services().await {
        let (_, secret, _) = enrolled(&service).await;
        let error = service.login(EMAIL, PASSWORD).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Unauthenticated, "totp_required"));
        let wrong = service.login_with(EMAIL, "guess", Some("000000")).await.unwrap_err();
        assert_eq!(wrong.code(), "wrong_credentials", "a code tells nothing without the password");
        let now = code(&service, &secret);
        service.login_with(EMAIL, PASSWORD, Some(now.expose())).await.unwrap();
        let error = service.login_with(EMAIL, PASSWORD, Some(now.expose())).await.unwrap_err();
        assert_eq!(error.code(), "totp_wrong");
        service.after(30);
        let next = code(&service, &secret);
        service.login_with(EMAIL, PASSWORD, Some(next.expose())).await.unwrap();
    }
}

#[tokio::test]
async fn guesses_of_codes_are_slowed_down() {
    for service in services().await {
        let (_, secret, _) = enrolled(&service).await;
        for _ in 0..3 {
            let error = service.login_with(EMAIL, PASSWORD, Some("000000")).await.unwrap_err();
            assert_eq!(error.code(), "totp_wrong");
        }
        let now = code(&service, &secret);
        let error = service.login_with(EMAIL, PASSWORD, Some(now.expose())).await.unwrap_err();
        assert_eq!(error.code(), "too_many_logins");
    }
}

#[tokio::test]
async fn a_recovery_code_works_once_however_it_is_written() {
    for service in services().await {
        let (ada, secret, codes) = enrolled(&service).await;
        assert_eq!(codes.len(), 10);
        let written = codes[0].expose().to_uppercase().replace('-', " ");
        service.login_with(EMAIL, PASSWORD, Some(&written)).await.unwrap();
        let error = service.login_with(EMAIL, PASSWORD, Some(codes[0].expose())).await.unwrap_err();
        assert_eq!(error.code(), "totp_wrong");
        assert_eq!(count_recovery_codes(&service.accounts, &ada).await.unwrap(), 9);
        let now = code(&service, &secret);
        let renewed = renew_recovery_codes(&service.accounts, &ada, &now).await.unwrap();
        service.login_with(EMAIL, PASSWORD, Some(codes[1].expose())).await.unwrap_err();
        service.login_with(EMAIL, PASSWORD, Some(renewed[1].expose())).await.unwrap();
    }
}

#[tokio::test]
async fn a_factor_counts_once_it_is_confirmed() {
    for service in services().await {
        service.add(EMAIL, Role::Member).await;
        let (ada, password) = (service.actor(EMAIL).await, Secret::from(PASSWORD));
        let error = begin(&service.accounts, &ada, &Secret::from("guess")).await.unwrap_err();
        assert_eq!(error.code(), "current_password_wrong");
        let begun = begin(&service.accounts, &ada, &password).await.unwrap();
        service.login(EMAIL, PASSWORD).await.unwrap();
        let error = confirm(&service.accounts, &ada, &Secret::from("000000")).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Invalid, "totp_wrong"));
        service.login(EMAIL, PASSWORD).await.unwrap();
        confirm(&service.accounts, &ada, &code(&service, &begun.secret)).await.unwrap();
        assert_eq!(begin(&service.accounts, &ada, &password).await.unwrap_err().code(), "totp_on");
    }
}

#[tokio::test]
async fn a_factor_is_removed_by_its_owner_with_a_code_or_by_an_administrator() {
    for service in services().await {
        let (ada, secret, _) = enrolled(&service).await;
        let now = code(&service, &secret);
        remove(&service.accounts, &ada, &now).await.unwrap();
        service.login(EMAIL, PASSWORD).await.unwrap();
        assert_eq!(remove(&service.accounts, &ada, &now).await.unwrap_err().code(), "totp_off");
        let begun = begin(&service.accounts, &ada, &Secret::from(PASSWORD)).await.unwrap();
        confirm(&service.accounts, &ada, &code(&service, &begun.secret)).await.unwrap();
        let by = Authority::from(&ada);
        let error = reset(&service.accounts, by, ada.user_id).await.unwrap_err();
        assert_eq!(error.code(), "permission_required");
        reset(&service.accounts, Authority::Operator, ada.user_id).await.unwrap();
        service.login(EMAIL, PASSWORD).await.unwrap();
        assert_eq!(service.actions().await[0], "users.remove_second_factor");
    }
}
