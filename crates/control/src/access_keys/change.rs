//! Making, changing and removing access keys.

use roundhouse_domain::spec::{AccessKeySpec, LimitSpec};
use roundhouse_domain::{AccessKeyId, HolderId};
use roundhouse_storage::{access_key_credentials as credentials, holder_limits};
use serde_json::{Map, Value};

use super::list::Found;
use super::{AccessKey, AccessKeyError, By, Fresh, Reach};
use crate::control::Control;
use crate::objects::ObjectKind;

/// Characters of a name at the most.
const LONGEST_NAME: usize = 100;

/// Fields that say what an access key may use: of a locked one, only administrators change them.
const GUARDED: [&str; 7] = ["models", "limits", "expires_at", "owner", "allowed_networks", "locked", "cache"];

/// What is done to several access keys at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Batch {
    /// Switch them on.
    Enable,
    /// Switch them off.
    Disable,
    /// Remove them.
    Delete,
}

impl Control {
    /// Makes an access key of what the configuration file would say of it; the credential is in the answer and nowhere else.
    pub async fn create_access_key(
        &self,
        by: &By,
        name: &str,
        mut body: Map<String, Value>,
    ) -> Result<Fresh, AccessKeyError> {
        if name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(AccessKeyError::field("name", format!("must be 1 to {LONGEST_NAME} characters")));
        }
        self.refuse_declared_key(name)?;
        if let Reach::Own(user) = by.reach {
            body.entry("owner").or_insert_with(|| user.to_string().into());
        }
        self.prepare(by, &mut body).await?;
        let mut change = self.begin_change(&by.author).await?;
        let object = change.draft().insert(ObjectKind::AccessKey, name, Value::Object(body))?;
        let id = AccessKeyId(object.id.0);
        let credential = self.add_credential(&change, id).await?;
        change.commit(&format!("Add access key {name}")).await?;
        Ok(Fresh { key: self.access_key(by.reach, &id.to_string()).await?, credential })
    }

    /// Changes an access key by a JSON merge patch (RFC 7396): `null` takes a field out.
    pub async fn update_access_key(
        &self,
        by: &By,
        id_or_name: &str,
        mut patch: Map<String, Value>,
    ) -> Result<AccessKey, AccessKeyError> {
        let found = self.find_access_key(by.reach, id_or_name).await?;
        let name = found.spec.name.clone();
        self.refuse_declared_key(&name)?;
        refuse_locked(by, &found, &patch)?;
        self.prepare(by, &mut patch).await?;
        let mut change = self.begin_change(&by.author).await?;
        let object = change.draft().patch(ObjectKind::AccessKey, &name, &Value::Object(patch))?;
        // What a patch comes to is known only now; whether it locks was seen before.
        let mut body = object.body.clone();
        if let Value::Object(fields) = &mut body {
            fields.shift_remove("locked");
        }
        self.within_allowance(by, &body).await?;
        change.commit(&format!("Change access key {name}")).await?;
        self.access_key(by.reach, &found.id.to_string()).await
    }

    /// Removes an access key for good: it stops working at once, and its credentials are forgotten.
    pub async fn delete_access_key(&self, by: &By, id_or_name: &str) -> Result<(), AccessKeyError> {
        self.change_access_keys(by, &[id_or_name.to_owned()], Batch::Delete).await.map(|_| ())
    }

    /// Does the same to several access keys, all or none, in one revision; returns how many there were.
    pub async fn change_access_keys(
        &self,
        by: &By,
        ids: &[String],
        batch: Batch,
    ) -> Result<usize, AccessKeyError> {
        let mut all = Vec::with_capacity(ids.len());
        for id in ids {
            let found = self.find_access_key(by.reach, id).await?;
            self.refuse_declared_key(&found.spec.name)?;
            if matches!(batch, Batch::Enable) {
                refuse_switching_on(by, &found)?;
            }
            all.push(found);
        }
        let mut change = self.begin_change(&by.author).await?;
        for found in &all {
            let (name, draft) = (found.spec.name.as_str(), change.draft());
            match batch {
                Batch::Enable => drop(draft.patch(ObjectKind::AccessKey, name, &switch(true))?),
                Batch::Disable => drop(draft.patch(ObjectKind::AccessKey, name, &switch(false))?),
                Batch::Delete => {
                    draft.delete(ObjectKind::AccessKey, name);
                    credentials::delete_of(change.transaction(), AccessKeyId(found.id)).await?;
                }
            }
        }
        let (verb, one) = match batch {
            Batch::Enable => ("Enable", "Enable"),
            Batch::Disable => ("Disable", "Disable"),
            Batch::Delete => ("Remove", "Remove"),
        };
        let summary = match all.as_slice() {
            [found] => format!("{one} access key {}", found.spec.name),
            _ => format!("{verb} {} access keys", all.len()),
        };
        change.commit(&summary).await?;
        Ok(all.len())
    }

    /// Checks what can be checked before anything is changed, and writes the owner as an id.
    async fn prepare(&self, by: &By, body: &mut Map<String, Value>) -> Result<(), AccessKeyError> {
        for field in ["key", "key_file"] {
            if body.contains_key(field) {
                let message = "is made by the server; leave it out, and keep the `key` that the answer has";
                return Err(AccessKeyError::field(field, message));
            }
        }
        if let Some(Value::String(owner)) = body.get("owner") {
            let id = self.find_user(owner).await?;
            let unknown =
                || AccessKeyError::field("owner", "must be the id or e-mail address of a user who is there");
            let id = id.ok_or_else(unknown)?;
            body.insert("owner".to_owned(), id.to_string().into());
        }
        self.within_allowance(by, &Value::Object(body.clone())).await
    }

    /// Refuses what members may not do with their own access keys.
    async fn within_allowance(&self, by: &By, body: &Value) -> Result<(), AccessKeyError> {
        let Reach::Own(user) = by.reach else { return Ok(()) };
        if body.get("owner").is_some_and(|owner| owner.as_str() != Some(&user.to_string())) {
            return Err(AccessKeyError::field("owner", "must be yourself"));
        }
        if body.get("locked").is_some_and(|locked| *locked != Value::Bool(false)) {
            return Err(AccessKeyError::field("locked", "is an administrator's to set"));
        }
        let Some(limits) = body.get("limits") else { return Ok(()) };
        // What is no limits at all is the check's to tell.
        let Ok(asked) = serde_json::from_value::<LimitSpec>(limits.clone()) else { return Ok(()) };
        let allowed = holder_limits::get(self.database().reader(), &HolderId::User(user)).await?;
        match exceeded(&asked, &allowed) {
            Some(field) => {
                let message = "is more than an administrator allows you";
                Err(AccessKeyError::field(&format!("limits.{field}"), message))
            }
            None => Ok(()),
        }
    }
}

/// The first limit that is asked for beyond what is allowed; what is not asked for is held to what is allowed anyway.
fn exceeded(asked: &LimitSpec, allowed: &LimitSpec) -> Option<&'static str> {
    let held = LimitSpec {
        requests_per_minute: asked.requests_per_minute.or(allowed.requests_per_minute),
        requests_per_day: asked.requests_per_day.or(allowed.requests_per_day),
        tokens_per_minute: asked.tokens_per_minute.or(allowed.tokens_per_minute),
        tokens_per_day: asked.tokens_per_day.or(allowed.tokens_per_day),
        tokens_per_month: asked.tokens_per_month.or(allowed.tokens_per_month),
        concurrent: asked.concurrent.or(allowed.concurrent),
        usd_per_day: asked.usd_per_day.or(allowed.usd_per_day),
        usd_per_month: asked.usd_per_month.or(allowed.usd_per_month),
    };
    held.beyond(allowed)
}

fn refuse_locked(by: &By, found: &Found, patch: &Map<String, Value>) -> Result<(), AccessKeyError> {
    let AccessKeySpec { locked, .. } = found.spec;
    if locked && by.reach != Reach::All && GUARDED.iter().any(|field| patch.contains_key(*field)) {
        return Err(AccessKeyError::Locked);
    }
    if patch.get("enabled").is_some_and(|enabled| *enabled != Value::Bool(false)) {
        refuse_switching_on(by, found)?;
    }
    if matches!((by.reach, patch.get("owner")), (Reach::Own(_), Some(Value::Null))) {
        return Err(AccessKeyError::field("owner", "must be yourself"));
    }
    Ok(())
}

/// An administrator who locked a key and switched it off means it: its owner may only switch it off.
fn refuse_switching_on(by: &By, found: &Found) -> Result<(), AccessKeyError> {
    let AccessKeySpec { locked, enabled, .. } = found.spec;
    if locked && !enabled && by.reach != Reach::All { Err(AccessKeyError::Locked) } else { Ok(()) }
}

fn switch(enabled: bool) -> Value {
    serde_json::json!({ "enabled": enabled })
}
