//! Who people are at providers of identity.

use roundhouse_storage::identities::{self, Identity};
use roundhouse_storage::testing::databases;

use crate::support::{NOW, ids, later, stored_user, write};

#[tokio::test]
async fn a_person_is_found_by_issuer_and_subject_together() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let identity = Identity {
            issuer: "https://id.example".to_owned(),
            subject: "42".to_owned(),
            user_id: ada.id,
            email: "ada@example.com".to_owned(),
            created_at: NOW,
            last_login_at: NOW,
        };
        write!(database, |transaction| identities::insert(&transaction, &identity)).unwrap();
        let find =
            async |issuer, subject| identities::find(database.reader(), issuer, subject).await.unwrap();
        assert_eq!(find("https://id.example", "42").await, Some(ada.clone()));
        assert_eq!(find("https://id.example", "43").await, None);
        assert_eq!(find("https://other.example", "42").await, None);
        let transaction = database.write().await.unwrap();
        let error = identities::insert(&transaction, &identity).await.unwrap_err();
        assert_eq!(error.code(), "storage_conflict");
        drop(transaction);
        let used = Identity { email: "countess@example.com".into(), last_login_at: later(1), ..identity };
        write!(database, |transaction| identities::update_used(&transaction, &used)).unwrap();
        assert_eq!(identities::list_of_user(database.reader(), ada.id).await.unwrap(), [used]);
    }
}
