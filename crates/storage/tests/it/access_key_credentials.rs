//! Credentials of access keys.

use roundhouse_domain::AccessKeyId;
use roundhouse_storage::access_key_credentials::{self as credentials, Credential};
use roundhouse_storage::testing::databases;

use crate::support::{NOW, ids, later, write};

fn credential(key: AccessKeyId, number: u8) -> Credential {
    Credential {
        key_hash: [number; 32],
        access_key_id: key,
        masked: format!("rh-{number}****"),
        created_at: later(number.into()),
        expires_at: None,
    }
}

#[tokio::test]
async fn an_access_key_has_several_credentials_for_a_while() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let (one, other): (AccessKeyId, AccessKeyId) = (ids.next(), ids.next());
        for credential in [credential(one, 1), credential(other, 2)] {
            write!(database, |transaction| credentials::insert(&transaction, &credential)).unwrap();
        }
        write!(database, |transaction| credentials::update_end(&transaction, one, later(500))).unwrap();
        write!(database, |transaction| credentials::insert(&transaction, &credential(one, 3))).unwrap();
        write!(database, |transaction| credentials::update_end(&transaction, one, later(900))).unwrap();
        let found = credentials::list_of(database.reader(), &[one]).await.unwrap();
        let ends: Vec<_> = found.iter().map(|credential| credential.expires_at).collect();
        assert_eq!(ends, [Some(later(500)), Some(later(900))], "what ends sooner is not put off");
        assert_eq!(credentials::list_all(database.reader()).await.unwrap().len(), 3);
        let ended = write!(database, |transaction| credentials::delete_ended(&transaction, one, later(500)));
        assert_eq!(ended.unwrap(), 1);
        assert_eq!(write!(database, |transaction| credentials::delete_of(&transaction, one)).unwrap(), 1);
        assert_eq!(credentials::list_all(database.reader()).await.unwrap(), [credential(other, 2)]);
    }
}

#[tokio::test]
async fn nobody_shares_a_credential() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        write!(database, |transaction| credentials::insert(&transaction, &credential(ids.next(), 1)))
            .unwrap();
        let again = credential(ids.next(), 1);
        let transaction = database.write().await.unwrap();
        let error = credentials::insert(&transaction, &again).await.unwrap_err();
        assert_eq!(error.kind(), roundhouse_domain::ErrorKind::Conflict);
        drop(transaction);
        assert_eq!(credentials::list_all(database.reader()).await.unwrap().len(), 1, "{NOW}");
    }
}
