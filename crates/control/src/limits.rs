//! Limits of users and groups: they count for all access keys of theirs together.

use roundhouse_domain::spec::LimitSpec;
use roundhouse_domain::{Author, HolderId};
use roundhouse_storage::audit::{self, Entry};
use roundhouse_storage::{ConnectionTrait, groups, holder_limits, users};
use serde_json::json;

use crate::changes::ChangeError;
use crate::control::Control;

impl Control {
    /// What a user or a group is limited to.
    pub async fn limits_of(&self, holder: &HolderId) -> Result<LimitSpec, ChangeError> {
        let reader = self.database().reader();
        name_of(reader, holder).await?;
        Ok(holder_limits::get(reader, holder).await?)
    }

    /// Limits a user or a group, in force at once.
    pub async fn set_limits(
        &self,
        author: &Author,
        holder: &HolderId,
        limits: &LimitSpec,
    ) -> Result<(), ChangeError> {
        if let Some(field) = limits.invalid() {
            return Err(ChangeError::field(field, "must be at least 1, or an amount of US dollars"));
        }
        let change = self.begin_change(author).await?;
        let transaction = change.transaction();
        let name = name_of(transaction, holder).await?;
        holder_limits::set(transaction, holder, limits).await?;
        let text = holder.to_string();
        let (kind, id) = text.split_once(':').unwrap_or_default();
        let entry = Entry {
            id: self.inner().parts.ids.next(),
            at: self.now(),
            author: author.clone(),
            action: format!("{kind}s.set_limits"),
            object_kind: kind.to_owned(),
            object_id: id.to_owned(),
            object_name: name,
            detail: json!({ "limits": limits }),
        };
        audit::insert(transaction, &entry).await?;
        change.commit("").await?;
        Ok(())
    }

    /// Takes up what became of users and groups: who was kept out may not use access keys any more, and limits of groups count for
    /// those who are in them now.
    pub async fn people_changed(&self) {
        let applied = async { self.begin_change(&Author::system()).await?.commit("").await };
        if let Err(error) = applied.await {
            // The change itself is kept; the next one takes it up.
            tracing::error!(
                error = roundhouse_domain::error::chain(&error),
                "changed people are not taken up yet"
            );
        }
    }
}

async fn name_of(connection: &impl ConnectionTrait, holder: &HolderId) -> Result<String, ChangeError> {
    let name = match holder {
        HolderId::User(id) => users::get(connection, *id).await?.map(|user| user.email),
        HolderId::Group(id) => groups::get(connection, *id).await?.map(|group| group.name),
        HolderId::AccessKey(_) | HolderId::DeclaredKey(_) => None,
    };
    name.ok_or(ChangeError::NotFound)
}
