//! Who somebody is here whom a provider has let in.

use roundhouse_domain::Author;
use roundhouse_storage::groups as stored_groups;
use roundhouse_storage::identities::{self, Identity};
use roundhouse_storage::{ConnectionTrait, StorageError, users};
use serde_json::{Value, json};

use super::provider::Claims;
use super::{OidcError, OidcSettings};
use crate::accounts::Accounts;
use crate::fault::Fault;
use crate::trail;
use crate::users::{Prepared, UserError, object};
use crate::{Role, User};

/// The person with these claims; the first time, whoever has their e-mail address, or a new member.
pub(super) async fn of(
    accounts: &Accounts,
    settings: &OidcSettings,
    claims: &Claims,
) -> Result<User, OidcError> {
    let context = accounts.context();
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    let subject = text("sub").ok_or(OidcError::Refused)?;
    let now = context.clock.now();
    let transaction = context.database.write().await?;
    let known = identities::find(&transaction, &settings.issuer, &subject).await?;
    let is_new = known.is_none();
    let user = match known {
        Some(user) => user,
        None => whoever_has_the_address(accounts, &transaction, settings, claims).await?,
    };
    if user.disabled {
        return Err(OidcError::Disabled);
    }
    let identity = Identity {
        issuer: settings.issuer.clone(),
        subject,
        user_id: user.id,
        email: text("email").unwrap_or_default(),
        created_at: now,
        last_login_at: now,
    };
    if is_new {
        identities::insert(&transaction, &identity).await?;
        let noted = (object(&user), json!({ "issuer": identity.issuer, "subject": identity.subject }));
        let author = Author::user(user.id, user.email.as_str());
        trail::note(context, &transaction, author, "users.link_identity", noted).await?;
    } else {
        identities::update_used(&transaction, &identity).await?;
    }
    if let Some(name) = &settings.groups_claim {
        let groups = groups(settings, claims.get(name));
        stored_groups::sync_claimed(&transaction, user.id, &groups).await?;
    }
    transaction.commit().await.map_err(StorageError::from)?;
    accounts.forget_checked();
    Ok(user)
}

/// An address names somebody only when the provider has seen to it that it is theirs: anybody can claim any.
async fn whoever_has_the_address(
    accounts: &Accounts,
    connection: &impl ConnectionTrait,
    settings: &OidcSettings,
    claims: &Claims,
) -> Result<User, OidcError> {
    let email = claims.get("email").and_then(Value::as_str).ok_or(OidcError::EmailMissing)?;
    // Some providers write the flag as text.
    let verified = claims.get("email_verified").is_some_and(|flag| *flag == true || *flag == "true");
    if !verified {
        return Err(OidcError::EmailNotVerified);
    }
    match users::find_by_email(connection, email).await? {
        Some((user, _)) if settings.link_by_email => Ok(user),
        None if settings.sign_up => {
            let name = claims.get("name").and_then(Value::as_str).unwrap_or_default();
            let name = name.chars().filter(|c| !c.is_control()).take(100).collect::<String>();
            let context = accounts.context();
            let prepared = Prepared::without_password(context, (email, &name), Role::Member).map_err(told)?;
            prepared.register(context, connection).await.map_err(told)
        }
        _ => Err(OidcError::NoAccount),
    }
}

/// Our names of the groups that a claim lists.
fn groups(settings: &OidcSettings, claim: Option<&Value>) -> Vec<String> {
    let listed: Vec<&str> = match claim {
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(name)) => vec![name],
        _ => Vec::new(),
    };
    let ours = |name: &str| {
        if settings.groups.is_empty() { Some(name.to_owned()) } else { settings.groups.get(name).cloned() }
    };
    listed.into_iter().filter_map(ours).collect()
}

fn told(error: UserError) -> OidcError {
    match error {
        UserError::Fault(fault) => OidcError::Fault(fault),
        UserError::EmailInvalid => OidcError::EmailMissing,
        _ => OidcError::Fault(Fault::Cryptography),
    }
}
