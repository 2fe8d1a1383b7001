//! Telling people when something is wrong, once, and when it is over.

mod budgets;
mod decide;
mod dropped;
mod evaluate;
mod finding;
mod look;
mod message;
mod send;
mod shape;
mod sign;

use roundhouse_domain::spec::{AlertChannelSpec, AlertLanguage, AlertSpec, Name};
use roundhouse_domain::{Author, ErrorKind, Timestamp};
use roundhouse_jobs::Registry;
use roundhouse_storage::alerts::{self, AlertEvent, AlertState, Delivery, Silence};
use roundhouse_storage::audit::{self, Entry};
use roundhouse_storage::{ConnectionTrait, StorageError};
use serde_json::{Value, json};
use uuid::Uuid;

pub use self::decide::EventKind;
pub use self::finding::Finding;
pub use self::message::Message;
pub use self::send::SendAlert;
use crate::control::Control;

/// Why something about alerts cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum AlertError {
    /// There is no such rule, channel or silence.
    #[error("there is no such alert, channel or silence")]
    NotFound,
    /// A silence that would end at once.
    #[error("`until` must lie ahead")]
    Past,
    /// The rule tells nobody.
    #[error("the alert has no channels: add some to try whether messages arrive")]
    NoChannels,
    /// The database did not take part.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl AlertError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::Past | Self::NoChannels => ErrorKind::Invalid,
            Self::Storage(error) => error.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "alert_not_found",
            Self::Past => "invalid_until",
            Self::NoChannels => "alert_without_channels",
            Self::Storage(error) => error.code(),
        }
    }
}

/// Something that is wrong now.
#[derive(Clone, Debug)]
pub struct Firing {
    /// What a rule has found.
    pub state: AlertState,
    /// In words, in English.
    pub title: String,
    /// Whether nobody is told for now.
    pub is_silenced: bool,
}

/// What nobody is to be told for a while.
#[derive(Clone, Debug)]
pub struct NewSilence {
    /// Of this rule only.
    pub rule: Option<String>,
    /// About this object only.
    pub object: Option<String>,
    /// When it ends.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
}

impl Control {
    /// What is wrong now, by rule and object.
    pub async fn firing_alerts(&self) -> Result<Vec<Firing>, AlertError> {
        let (reader, now) = (self.database().reader(), self.now());
        let silences = alerts::list_silences(reader).await?;
        let states = alerts::list_states(reader).await?.into_iter().filter(|state| state.fired_at.is_some());
        let firing = |state: AlertState| Firing {
            title: evaluate::title(&state),
            is_silenced: silences.iter().any(|silence| silence.covers(&state.rule, &state.object, now)),
            state,
        };
        Ok(states.map(firing).collect())
    }

    /// What was told, newest first, `limit` of it before `cursor`; of one rule or of all.
    pub async fn alert_events(
        &self,
        rule: Option<&str>,
        limit: u64,
        cursor: Option<Uuid>,
    ) -> Result<Vec<AlertEvent>, AlertError> {
        Ok(alerts::list_events(self.database().reader(), rule, limit, cursor).await?)
    }

    /// Sends a test through all channels of a rule, and tells what became of each.
    pub async fn test_alert(&self, name: &str) -> Result<Vec<Delivery>, AlertError> {
        let config = self.config();
        let rule = config.declared.alerts.iter().find(|rule| rule.name.as_str() == name);
        let rule: &AlertSpec = rule.ok_or(AlertError::NotFound)?;
        if rule.channels.is_empty() {
            return Err(AlertError::NoChannels);
        }
        self.test_channels(rule.name.as_str(), &rule.channels).await
    }

    /// Sends a test through a channel, and tells what became of it.
    pub async fn test_alert_channel(&self, name: &str) -> Result<Delivery, AlertError> {
        let name = Name::parse(name).ok_or(AlertError::NotFound)?;
        self.test_channels("test", &[name]).await?.pop().ok_or(AlertError::NotFound)
    }

    /// All silences, newest first.
    pub async fn alert_silences(&self) -> Result<Vec<Silence>, AlertError> {
        Ok(alerts::list_silences(self.database().reader()).await?)
    }

    /// Keeps people from being told something for a while.
    pub async fn silence_alerts(&self, by: Author, new: NewSilence) -> Result<Silence, AlertError> {
        let now = self.now();
        if new.until <= now {
            return Err(AlertError::Past);
        }
        let silence = Silence {
            id: self.inner().parts.ids.next(),
            rule: new.rule,
            object: new.object,
            until: new.until,
            reason: new.reason,
            created_by: by.user_id,
            created_at: now,
        };
        let transaction = self.database().write().await?;
        alerts::insert_silence(&transaction, &silence).await?;
        self.note_silence(&transaction, by, "alert_silences.create", &silence).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        Ok(silence)
    }

    /// Ends a silence.
    pub async fn end_silence(&self, by: Author, id: Uuid) -> Result<(), AlertError> {
        let transaction = self.database().write().await?;
        let silence = alerts::delete_silence(&transaction, id).await?.ok_or(AlertError::NotFound)?;
        self.note_silence(&transaction, by, "alert_silences.delete", &silence).await?;
        Ok(transaction.commit().await.map_err(StorageError::from)?)
    }

    /// The jobs of alerts.
    pub(crate) fn register_alerts(&self, registry: &mut Registry) {
        registry.register::<SendAlert>(self.clone());
    }

    /// Sends a test through channels, and notes what became of it.
    async fn test_channels(&self, rule: &str, names: &[Name]) -> Result<Vec<Delivery>, AlertError> {
        let (config, now) = (self.config(), self.now());
        let find = |name: &Name| config.declared.alert_channels.iter().find(|channel| channel.name == *name);
        let channels: Vec<&AlertChannelSpec> = names.iter().filter_map(find).collect();
        if channels.is_empty() {
            return Err(AlertError::NotFound);
        }
        let mut event = AlertEvent {
            id: self.inner().parts.ids.next(),
            rule: rule.to_owned(),
            object: "test".to_owned(),
            kind: EventKind::Test.as_str().to_owned(),
            at: now,
            since: now,
            finding: json!({ "kind": "test" }).to_string(),
            deliveries: Vec::new(),
        };
        for channel in channels {
            let sent = match Message::of(&event, channel.language) {
                Some(message) => self.send(channel, &message).await.map_err(|error| error.to_string()),
                None => Err("the message cannot be written".to_owned()),
            };
            let state = if sent.is_ok() { "sent" } else { "failed" }.to_owned();
            event.deliveries.push(Delivery { channel: channel.name.to_string(), state, error: sent.err() });
        }
        let transaction = self.database().write().await?;
        alerts::insert_event(&transaction, &event).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        Ok(event.deliveries)
    }

    async fn note_silence(
        &self,
        transaction: &impl ConnectionTrait,
        author: Author,
        action: &str,
        silence: &Silence,
    ) -> Result<(), StorageError> {
        let parts = &self.inner().parts;
        let entry = Entry {
            id: parts.ids.next(),
            at: parts.clock.now(),
            author,
            action: action.to_owned(),
            object_kind: "alert_silence".to_owned(),
            object_id: silence.id.to_string(),
            object_name: silence.rule.clone().unwrap_or_default(),
            detail: json!({ "object": silence.object, "until": silence.until, "reason": silence.reason }),
        };
        audit::insert(transaction, &entry).await
    }
}

/// What an event says, in English.
pub fn title_of(event: &AlertEvent) -> String {
    Message::of(event, AlertLanguage::En).map_or_else(|| event.kind.clone(), |message| message.title)
}

/// What was found, as JSON.
pub fn finding_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}
