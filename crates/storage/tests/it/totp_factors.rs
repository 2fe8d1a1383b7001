//! Second factors.

use roundhouse_domain::UserId;
use roundhouse_storage::testing::databases;
use roundhouse_storage::totp_factors::{self, TotpFactor};

use crate::support::{NOW, ids, later, stored_user, write};

fn factor(user_id: UserId, sealed: &[u8]) -> TotpFactor {
    TotpFactor { user_id, sealed: sealed.to_vec(), last_step: 0, created_at: NOW, confirmed_at: None }
}

#[tokio::test]
async fn a_factor_can_be_begun_again_until_it_is_confirmed() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let insert = async |sealed: &[u8]| {
            let factor = factor(ada.id, sealed);
            write!(database, |transaction| totp_factors::insert(&transaction, &factor)).unwrap()
        };
        assert!(insert(b"one").await);
        assert!(insert(b"two").await);
        let stored = totp_factors::get(database.reader(), ada.id).await.unwrap();
        assert_eq!(stored, Some(factor(ada.id, b"two")));
        let used =
            write!(database, |transaction| totp_factors::update_used(&transaction, ada.id, 7, later(1)));
        assert!(used.unwrap());
        assert!(!insert(b"three").await);
        let stored = totp_factors::get(database.reader(), ada.id).await.unwrap().unwrap();
        assert_eq!((stored.last_step, stored.confirmed_at), (7, Some(later(1))));
    }
}

#[tokio::test]
async fn a_step_and_a_recovery_code_are_used_once() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let begun = factor(ada.id, b"one");
        write!(database, |transaction| totp_factors::insert(&transaction, &begun)).unwrap();
        for (step, fresh) in [(5, true), (5, false), (4, false), (6, true)] {
            let used = write!(database, |transaction| totp_factors::update_used(
                &transaction,
                ada.id,
                step,
                later(step)
            ));
            assert_eq!(used.unwrap(), fresh, "{step}");
        }
        let hashes = [[1; 32], [2; 32]];
        write!(database, |transaction| totp_factors::replace_recovery_codes(&transaction, ada.id, &hashes))
            .unwrap();
        for there in [true, false] {
            let used = write!(database, |transaction| totp_factors::delete_recovery_code(
                &transaction,
                ada.id,
                &[1; 32]
            ));
            assert_eq!(used.unwrap(), there);
        }
        assert_eq!(totp_factors::count_recovery_codes(database.reader(), ada.id).await.unwrap(), 1);
        assert!(write!(database, |transaction| totp_factors::delete(&transaction, ada.id)).unwrap());
        assert_eq!(totp_factors::get(database.reader(), ada.id).await.unwrap(), None);
        assert_eq!(totp_factors::count_recovery_codes(database.reader(), ada.id).await.unwrap(), 0);
    }
}
