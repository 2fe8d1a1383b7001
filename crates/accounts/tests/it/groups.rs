//! What people may do through groups, and that nobody gives away more than they have.

use roundhouse_accounts::groups::{GroupForm, add_member, create, delete, get, remove_member, update};
use roundhouse_accounts::users::{self, UserChange};
use roundhouse_accounts::{Authority, Role, invitations};
use roundhouse_domain::{ErrorKind, Permission, Permissions};

use crate::support::{new_user, services};

fn form(name: &str, permissions: &[Permission]) -> GroupForm {
    let permissions = permissions.iter().copied().collect();
    GroupForm { name: name.to_owned(), description: String::new(), permissions }
}

#[tokio::test]
async fn members_may_what_their_groups_may_and_administrators_everything() {
    for service in services().await {
        let (accounts, by) = (&service.accounts, Authority::Operator);
        let ada = service.add("ada@example.com", Role::Member).await;
        service.add("root@example.com", Role::Administrator).await;
        let one = create(accounts, by, &form("one", &[Permission::UsageRead])).await.unwrap();
        let two = create(accounts, by, &form("two", &[Permission::AuditRead])).await.unwrap();
        assert_eq!(service.actor("ada@example.com").await.permissions, Permissions::MEMBER);
        for group in [&one, &two] {
            add_member(accounts, by, group.id, ada.id).await.unwrap();
        }
        let actor = service.actor("ada@example.com").await;
        let added = [Permission::UsageRead, Permission::AuditRead].into_iter().collect();
        assert_eq!(actor.permissions, Permissions::MEMBER.and(added));
        let error = actor.require(Permission::UsersRead).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Denied, "permission_required"));
        remove_member(accounts, by, one.id, ada.id).await.unwrap();
        delete(accounts, by, two.id).await.unwrap();
        assert_eq!(service.actor("ada@example.com").await.permissions, Permissions::MEMBER);
        let root = service.actor("root@example.com").await;
        assert_eq!(root.permissions, Permissions::ALL);
        root.require_administrator().unwrap();
    }
}

#[tokio::test]
async fn a_change_of_a_group_counts_at_once() {
    for service in services().await {
        let (accounts, by) = (&service.accounts, Authority::Operator);
        let ada = service.add("ada@example.com", Role::Member).await;
        let group = create(accounts, by, &form("one", &[])).await.unwrap();
        add_member(accounts, by, group.id, ada.id).await.unwrap();
        let tokens = service.login("ada@example.com", crate::support::PASSWORD).await.unwrap();
        let may = async || {
            let bearer = tokens.access_token.expose();
            roundhouse_accounts::sessions::authenticate(accounts, bearer)
                .await
                .unwrap()
                .may(Permission::JobsRead)
        };
        assert!(!may().await);
        update(accounts, by, group.id, &form("one", &[Permission::JobsRead])).await.unwrap();
        assert!(may().await);
        assert_eq!(get(accounts, by, group.id).await.unwrap().1, 1);
    }
}

#[tokio::test]
async fn nobody_gives_away_or_takes_over_more_than_they_have() {
    for service in services().await {
        let (accounts, operator) = (&service.accounts, Authority::Operator);
        let clerk = service.add("clerk@example.com", Role::Member).await;
        let root = service.add("root@example.com", Role::Administrator).await;
        let ada = service.add("ada@example.com", Role::Member).await;
        let staff = [Permission::UsersRead, Permission::UsersWrite];
        let staff = create(accounts, operator, &form("staff", &staff)).await.unwrap();
        let powerful =
            create(accounts, operator, &form("powerful", &[Permission::KeysReveal])).await.unwrap();
        add_member(accounts, operator, staff.id, clerk.id).await.unwrap();
        let clerk = service.actor("clerk@example.com").await;
        let by = Authority::from(&clerk);
        let denied = |code: &str| assert_eq!(code, "beyond_own_permissions");
        denied(create(accounts, by, &form("x", &[Permission::KeysReveal])).await.unwrap_err().code());
        denied(add_member(accounts, by, powerful.id, ada.id).await.unwrap_err().code());
        denied(update(accounts, by, powerful.id, &form("x", &[])).await.unwrap_err().code());
        let into = UserChange { groups: Some(vec![powerful.id]), ..UserChange::default() };
        denied(users::update(accounts, by, ada.id, &into).await.unwrap_err().code());
        let promote = UserChange { role: Some(Role::Administrator), ..UserChange::default() };
        for error in [
            users::update(accounts, by, ada.id, &promote).await.unwrap_err(),
            users::delete(accounts, by, root.id).await.unwrap_err(),
            invitations::send_link(accounts, by, root.id).await.unwrap_err(),
            users::create(accounts, by, &new_user("x@example.com", Role::Administrator)).await.unwrap_err(),
        ] {
            assert_eq!(error.code(), "administrator_required");
        }
        users::create(accounts, by, &new_user("x@example.com", Role::Member)).await.unwrap();
        add_member(accounts, operator, powerful.id, ada.id).await.unwrap();
        denied(invitations::send_link(accounts, by, ada.id).await.unwrap_err().code());
    }
}

#[tokio::test]
async fn a_group_has_a_name_of_its_own() {
    for service in services().await {
        let (accounts, by) = (&service.accounts, Authority::Operator);
        create(accounts, by, &form("one", &[])).await.unwrap();
        for (name, code) in
            [("one", "group_name_taken"), ("  ", "name_invalid"), (&"x".repeat(101), "name_invalid")]
        {
            assert_eq!(create(accounts, by, &form(name, &[])).await.unwrap_err().code(), code);
        }
    }
}
