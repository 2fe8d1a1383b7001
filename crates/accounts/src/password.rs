//! Passwords: Argon2id, away from the asynchronous threads, and only so many at a time.

use std::sync::Arc;

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use roundhouse_domain::Secret;
use tokio::sync::Semaphore;

use crate::accounts::AccountSettings;
use crate::fault::Fault;

/// Hashes and checks passwords.
#[derive(Debug)]
pub(crate) struct Passwords {
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

impl Passwords {
    pub(crate) fn new(settings: &AccountSettings) -> Self {
        let running = settings.concurrent_checks.max(1);
        Self {
            running: Arc::new(Semaphore::new(running)),
            admitted: Arc::new(Semaphore::new(running + settings.waiting_checks)),
        }
    }

    /// Makes the form in which a password is stored, with a salt of its own.
    pub(crate) async fn hash(&self, password: &Secret) -> Result<String, Fault> {
        let password = password.clone();
        self.run(move || {
            let hash: Result<PasswordHash, _> = Argon2::default().hash_password(password.expose().as_bytes());
            hash.map(|hash| hash.to_string()).map_err(|_| Fault::Cryptography)
        })
        .await?
    }

    /// Tells whether the password is the stored one; where none is stored, it takes as long to say no.
    pub(crate) async fn verify(&self, password: &Secret, stored: Option<&str>) -> Result<bool, Fault> {
        let (password, stored) = (password.clone(), stored.map(str::to_owned));
        self.run(move || {
            let password = password.expose().as_bytes();
            if let Some(stored) = stored {
                let hash = PasswordHash::new(&stored).map_err(|_| Fault::Cryptography)?;
                return Ok(Argon2::default().verify_password(password, &hash).is_ok());
            }
            let wasted = Argon2::default().hash_password_into(password, &[0; 16], &mut [0; 32]);
            wasted.map(|()| false).map_err(|_| Fault::Cryptography)
        })
        .await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
        let admitted = Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| Fault::Busy)?;
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(|_| Fault::Busy)?;
        let task = tokio::task::spawn_blocking(move || {
            // The work goes on when its caller has gone away, and so counts until it ends.
            let _permits = (admitted, running);
            work()
        });
        task.await.map_err(|_| Fault::Cryptography)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_by_its_own_hash_only() {
        let passwords = Passwords::new(&AccountSettings::default());
        let right = Secret::from("correct horse");
        let hash = passwords.hash(&right).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(passwords.hash(&right).await.unwrap(), hash, "each hash has its own salt");
        assert!(passwords.verify(&right, Some(&hash)).await.unwrap());
        assert!(!passwords.verify(&Secret::from("wrong"), Some(&hash)).await.unwrap());
        assert!(!passwords.verify(&right, None).await.unwrap());
    }

    #[tokio::test]
    async fn more_than_may_wait_are_turned_away() {
        let settings =
            AccountSettings { concurrent_checks: 1, waiting_checks: 1, ..AccountSettings::default() };
        let passwords = Passwords::new(&settings);
        let password = Secret::from("correct horse");
        let check = || passwords.verify(&password, None);
        let (one, two, three) = tokio::join!(check(), check(), check());
        assert!(one.is_ok() && two.is_ok());
        assert_eq!(three.unwrap_err().code(), "logins_busy");
        check().await.unwrap();
    }
}
