//! What people can configure: the kinds of things, and how each is stored.

mod sealed;

use std::collections::BTreeMap;
use std::fmt;

use roundhouse_config::{Place, Stored};
use roundhouse_domain::{ConfigObjectId, ErrorKind, Timestamp};
use roundhouse_storage::sealing::SealingError;
use roundhouse_storage::{ConnectionTrait, MasterKey, StorageError, config_objects};
use serde_json::Value;

pub(crate) use self::sealed::{public, seal, unseal};

/// A kind of thing that people configure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// An upstream that serves models.
    Provider,
    /// A named set of providers.
    Pool,
    /// How a public model name is served.
    Route,
    /// What is known of models, prices included.
    Catalogue,
    /// A credential of a client, without the credential itself.
    AccessKey,
    /// A section of the settings.
    Settings,
    /// What is looked for in requests and answers.
    Guardrail,
    /// What people say of a provider's model: its public name, whether it is used. Named `provider/upstream-name`.
    Model,
    /// A way to tell people that something is wrong.
    AlertChannel,
    /// What people are told of.
    Alert,
}

/// Every kind.
const KINDS: [ObjectKind; 10] = [
    ObjectKind::Provider,
    ObjectKind::Pool,
    ObjectKind::Route,
    ObjectKind::Catalogue,
    ObjectKind::AccessKey,
    ObjectKind::Settings,
    ObjectKind::Guardrail,
    ObjectKind::Model,
    ObjectKind::AlertChannel,
    ObjectKind::Alert,
];

impl ObjectKind {
    /// The kind as stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Pool => "pool",
            Self::Route => "route",
            Self::Catalogue => "catalogue",
            Self::AccessKey => "access_key",
            Self::Settings => "settings",
            Self::Guardrail => "guardrail",
            Self::Model => "model",
            Self::AlertChannel => "alert_channel",
            Self::Alert => "alert",
        }
    }

    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.into_iter()
    }

    /// The field that names a thing in the file's list; none where such things have no names.
    pub(crate) const fn identity(self) -> Option<&'static str> {
        match self.place() {
            Some(Place::Entry { identity, .. }) => identity,
            Some(Place::Section) => None,
            None => Some("name"),
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        KINDS.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Where such things stand in the configuration; none for those that are no part of the file.
    pub(crate) const fn place(self) -> Option<Place> {
        match self {
            Self::Provider => Some(Place::Entry { list: "providers", identity: Some("name") }),
            Self::Pool => Some(Place::Entry { list: "pools", identity: Some("name") }),
            Self::Route => Some(Place::Entry { list: "routes", identity: Some("model") }),
            Self::AccessKey => Some(Place::Entry { list: "access_keys", identity: Some("name") }),
            Self::Catalogue => Some(Place::Entry { list: "catalogue", identity: None }),
            Self::Guardrail => Some(Place::Entry { list: "guardrails", identity: Some("name") }),
            Self::Settings => Some(Place::Section),
            Self::AlertChannel => Some(Place::Entry { list: "alert_channels", identity: Some("name") }),
            Self::Alert => Some(Place::Entry { list: "alerts", identity: Some("name") }),
            Self::Model => None,
        }
    }

    /// The file's list of such things, where there is one.
    pub const fn list(self) -> Option<&'static str> {
        match self.place() {
            Some(Place::Entry { list, .. }) => Some(list),
            _ => None,
        }
    }

    /// Fields whose values are secrets, by JSON pointer.
    pub(crate) const fn secrets(self) -> &'static [&'static str] {
        match self {
            Self::Provider => &["/proxy"],
            Self::Settings => &["/password", "/gpt_load/auth_key", "/uni_api/api_key"],
            Self::Guardrail => &["/endpoint/token"],
            Self::AlertChannel => &["/url", "/secret"],
            Self::Pool | Self::Route | Self::Catalogue | Self::AccessKey | Self::Model | Self::Alert => &[],
        }
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something that people configured.
#[derive(Clone, PartialEq)]
pub struct Object {
    /// Its id.
    pub id: ConfigObjectId,
    /// Its kind.
    pub kind: ObjectKind,
    /// Unique among those of its kind.
    pub name: String,
    /// What the file would say there, secrets included, its name not.
    pub body: Value,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Object {
    /// The body without its secrets.
    pub fn public_body(&self) -> Value {
        let mut body = self.body.clone();
        sealed::take(self.kind, &mut body);
        body
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object").field("kind", &self.kind).field("name", &self.name).finish_non_exhaustive()
    }
}

/// All that people configured, by kind and name.
pub type Objects = BTreeMap<(ObjectKind, String), Object>;

/// Why what people configured cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// The database does not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Secrets cannot be sealed, or opened under the master key.
    #[error(
        "the secrets of what is configured cannot be opened or sealed; is the encryption key the right one?"
    )]
    Sealing(#[from] SealingError),
}

impl ObjectError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Storage(error) => error.kind(),
            Self::Sealing(_) => ErrorKind::Internal,
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Storage(error) => error.code(),
            Self::Sealing(_) => "sealing_failed",
        }
    }
}

/// Reads all that people configured. Kinds that only a newer version knows are left alone.
pub(crate) async fn load(
    connection: &impl ConnectionTrait,
    master: &MasterKey,
) -> Result<Objects, ObjectError> {
    let mut objects = Objects::new();
    for stored in config_objects::list_all(connection).await? {
        let Some(kind) = ObjectKind::parse(&stored.kind) else { continue };
        let body = unseal(stored.body, stored.sealed.as_deref(), master)?;
        let object = Object {
            id: stored.id,
            kind,
            name: stored.name.clone(),
            body,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        };
        objects.insert((kind, stored.name), object);
    }
    Ok(objects)
}

/// As the lowest layer of the configuration.
pub(crate) fn layer(objects: &Objects) -> Vec<Stored> {
    let stored = |object: &Object| {
        Some(Stored { place: object.kind.place()?, name: object.name.clone(), body: object.body.clone() })
    };
    objects.values().filter_map(stored).collect()
}
