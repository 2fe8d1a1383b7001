//! What holders of limits used, and the limits of users and groups.

use std::collections::HashMap;

use roundhouse_domain::spec::LimitSpec;
use roundhouse_domain::{Amounts, Day, HolderId, NanoUsd, Permissions, Timestamp};
use roundhouse_storage::groups::{self, Group};
use roundhouse_storage::holder_limits;
use roundhouse_storage::owners::{self, Owner};
use roundhouse_storage::spending::{self, Spent};
use roundhouse_storage::testing::databases;
use roundhouse_storage::users::User;

use crate::support::{NOW, ids, stored_user, write};

fn day(text: &str) -> Day {
    Day::of(Timestamp::parse(text).unwrap())
}

fn amounts(requests: u64, tokens: u64, cost: i64) -> Amounts {
    Amounts { requests, tokens, cost: NanoUsd(cost) }
}

#[tokio::test]
async fn amounts_add_up_by_day_and_month() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let (ci, user) = (HolderId::DeclaredKey("ci".into()), HolderId::User(ids.next()));
        for (on, holder, used) in [
            ("2026-10-31", &ci, amounts(9, 9, 9)),
            ("2026-11-01", &ci, amounts(1, 100, 7_000_000_000)),
            ("2026-11-30", &ci, amounts(2, 10, 5)),
            ("2026-11-30", &ci, amounts(1, 5, 2)),
            ("2026-11-29", &user, amounts(1, 1, 1)),
            ("2026-12-01", &user, amounts(1, 1, 1)),
        ] {
            let batch = HashMap::from([((day(on), holder.clone()), used)]);
            write!(database, |transaction| spending::add(&transaction, &batch)).unwrap();
        }
        let spent = spending::list_month(database.reader(), day("2026-11-30")).await.unwrap();
        let of_ci = Spent { today: amounts(3, 15, 7), this_month: amounts(4, 115, 7_000_000_007) };
        let of_user = Spent { today: Amounts::default(), this_month: amounts(1, 1, 1) };
        assert_eq!(spent, HashMap::from([(ci, of_ci), (user, of_user)]));
    }
}

#[tokio::test]
async fn many_holders_are_written_at_once() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let holder = |_| ((day("2026-11-30"), HolderId::AccessKey(ids.next())), amounts(1, 2, 3));
        let batch: HashMap<_, _> = (0..2_500).map(holder).collect();
        for _ in 0..2 {
            write!(database, |transaction| spending::add(&transaction, &batch)).unwrap();
        }
        let spent = spending::list_month(database.reader(), day("2026-11-30")).await.unwrap();
        assert_eq!(spent.len(), 2_500);
        assert!(spent.values().all(|spent| spent.today == amounts(2, 4, 6)));
    }
}

#[tokio::test]
async fn old_days_are_removed() {
    for test in databases().await {
        let database = &test.database;
        let ci = HolderId::DeclaredKey("ci".into());
        let batch =
            HashMap::from(["2026-11-01", "2026-11-02"].map(|on| ((day(on), ci.clone()), amounts(1, 1, 1))));
        write!(database, |transaction| spending::add(&transaction, &batch)).unwrap();
        let deleted =
            write!(database, |transaction| spending::delete_before(&transaction, day("2026-11-02")));
        assert_eq!(deleted.unwrap(), 1);
        let spent = spending::list_month(database.reader(), day("2026-11-30")).await.unwrap();
        assert_eq!(spent[&ci].this_month, amounts(1, 1, 1));
    }
}

#[tokio::test]
async fn owners_are_listed_with_their_groups() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let ada = stored_user(database, &ids, "ada@example.com").await;
        let bob = stored_user(database, &ids, "bob@example.com").await;
        let group = Group {
            id: ids.next(),
            name: "research".to_owned(),
            description: String::new(),
            permissions: Permissions::default(),
            created_at: NOW,
            updated_at: NOW,
        };
        write!(database, |transaction| groups::insert(&transaction, &group)).unwrap();
        write!(database, |transaction| groups::insert_member(&transaction, group.id, bob.id)).unwrap();
        let found = owners::list(database.reader()).await.unwrap();
        let owner = |user: &User| Owner { id: user.id, email: user.email.clone(), disabled: false };
        assert_eq!(found, [owner(&ada), owner(&bob)]);
        assert_eq!(owners::list_groups(database.reader()).await.unwrap(), [(group.id, group.name)]);
        assert_eq!(owners::list_memberships(database.reader()).await.unwrap(), [(bob.id, group.id)]);
    }
}

#[tokio::test]
async fn limits_of_users_and_groups_are_replaced_and_removed() {
    for test in databases().await {
        let (database, ids) = (&test.database, ids());
        let (user, group) = (HolderId::User(ids.next()), HolderId::Group(ids.next()));
        let limits = |usd| LimitSpec { usd_per_day: Some(usd), ..LimitSpec::default() };
        for (holder, limits) in [(&user, limits(1.0)), (&user, limits(2.5)), (&group, limits(3.0))] {
            write!(database, |transaction| holder_limits::set(&transaction, holder, &limits)).unwrap();
        }
        assert_eq!(holder_limits::get(database.reader(), &user).await.unwrap(), limits(2.5));
        assert_eq!(holder_limits::list_all(database.reader()).await.unwrap().len(), 2);
        write!(database, |transaction| holder_limits::set(&transaction, &user, &LimitSpec::default()))
            .unwrap();
        assert_eq!(holder_limits::get(database.reader(), &user).await.unwrap(), LimitSpec::default());
        assert_eq!(holder_limits::list_all(database.reader()).await.unwrap().len(), 1);
    }
}
