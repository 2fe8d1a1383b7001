//! Models as the API tells them.

use roundhouse_control::models::{Counts, KnownModel, Merge, Origin, Preview, SyncReport};
use roundhouse_domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A model of a provider.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownModel {
    id: Uuid,
    /// Whose it is.
    provider: String,
    /// The provider's name for it.
    name: String,
    /// The name callers use; its first, where it has several.
    public_name: String,
    /// All names under which it is served now.
    public_names: Vec<String>,
    /// What the rules make of the provider's name, whether or not they are in force.
    normalised_name: String,
    /// The rules that change the provider's name.
    applied_rules: Vec<String>,
    /// Whether somebody chose its name.
    renamed: bool,
    /// Whether it is served.
    enabled: bool,
    /// `served`, `disabled`, `deleted`, `missing` or `provider_disabled`.
    status: &'static str,
    /// `discovered`, `configured` (the provider's settings name it) or `declared` (a file or a variable does: read-only).
    origin: &'static str,
    /// A name for people.
    display_name: Option<String>,
    /// Who made it, as the provider says.
    owned_by: Option<String>,
    /// The most tokens of prompt and answer together, as the provider says.
    context_tokens: Option<u64>,
    /// The most tokens of an answer, as the provider says.
    max_output_tokens: Option<u64>,
    #[schema(value_type = Option<String>)]
    first_seen: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    last_seen: Option<Timestamp>,
    /// Since when the provider no longer lists it.
    #[schema(value_type = Option<String>)]
    missing_since: Option<Timestamp>,
}

impl From<&KnownModel> for ShownModel {
    fn from(model: &KnownModel) -> Self {
        let listed = model.listed.clone();
        Self {
            id: model.id.0,
            provider: model.provider.to_string(),
            public_name: model.names.first().unwrap_or(&listed.name).clone(),
            public_names: model.served_names().to_vec(),
            normalised_name: model.normalised.name.clone(),
            applied_rules: model.normalised.applied.clone(),
            renamed: model.edit.as_ref().is_some_and(|edit| edit.public_name.is_some()),
            enabled: model.edit.as_ref().is_none_or(|edit| edit.enabled && !edit.deleted),
            status: model.status.as_str(),
            origin: match model.origin {
                Origin::Discovered => "discovered",
                Origin::Configured => "configured",
                Origin::Declared => "declared",
            },
            name: listed.name,
            display_name: listed.display_name,
            owned_by: listed.owned_by,
            context_tokens: listed.context_tokens,
            max_output_tokens: listed.max_output_tokens,
            first_seen: model.first_seen,
            last_seen: model.last_seen,
            missing_since: model.missing_since,
        }
    }
}

/// How many models there are, by status.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownCounts {
    served: usize,
    disabled: usize,
    missing: usize,
    deleted: usize,
}

impl ShownCounts {
    pub(super) const fn new(counts: Counts, deleted: usize) -> Self {
        let Counts { served, disabled, missing, .. } = counts;
        Self { served, disabled, missing, deleted }
    }
}

/// What a provider's list changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownSync {
    /// Models that are new, or came back.
    added: Vec<String>,
    /// Models that are no longer listed; they leave their routes.
    removed: Vec<String>,
    /// How many are still there.
    unchanged: usize,
    /// Whether the list was read to its end; where it was not, nothing counts as removed.
    complete: bool,
}

impl From<SyncReport> for ShownSync {
    fn from(report: SyncReport) -> Self {
        let SyncReport { added, removed, unchanged, complete } = report;
        Self { added, removed, unchanged, complete }
    }
}

/// What rules would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownPreview {
    /// Models whose name would be another one.
    renamings: Vec<ShownRenaming>,
    /// How many names stay as they are.
    unchanged: usize,
    /// Names that several models of one provider would share: whoever asks for such a name gets any of them.
    merges: Vec<ShownMerge>,
}

/// What rules make of one name.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownRenaming {
    provider: String,
    /// The provider's name.
    model: String,
    /// What it becomes.
    name: String,
    /// The rules that did it, in order.
    applied: Vec<String>,
    /// Why it does not get that name all the same.
    kept: Option<&'static str>,
}

/// A public name that several models of one provider share.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownMerge {
    provider: String,
    /// The public name.
    name: String,
    /// The provider's names.
    models: Vec<String>,
}

impl From<Merge> for ShownMerge {
    fn from(merge: Merge) -> Self {
        let Merge { provider, name, models } = merge;
        Self { provider, name, models }
    }
}

impl From<Preview> for ShownPreview {
    fn from(preview: Preview) -> Self {
        let renaming = |renaming: roundhouse_control::models::Renaming| ShownRenaming {
            provider: renaming.provider,
            model: renaming.model,
            name: renaming.name,
            applied: renaming.applied,
            kept: renaming.kept,
        };
        Self {
            renamings: preview.renamings.into_iter().map(renaming).collect(),
            unchanged: preview.unchanged,
            merges: preview.merges.into_iter().map(ShownMerge::from).collect(),
        }
    }
}
