//! Bringing messages to people.

use std::time::Duration;

use roundhouse_domain::spec::{AlertChannelKind, AlertChannelSpec};
use roundhouse_jobs::{Context, Job, JobError};
use roundhouse_mail::{Letter, Mailer};
use roundhouse_outbound::{Guard, Outbound, OutboundError, Tls};
use roundhouse_storage::StorageError;
use roundhouse_storage::alerts::{self, Delivery};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::message::Message;
use super::shape::{self, Answer};
use crate::control::Control;

/// Bytes of an answer at the most.
const ANSWER_BYTES: u64 = 64 << 10;

/// How long a receiver may take.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Brings one event to one channel.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendAlert {
    /// Which event.
    pub(super) event: Uuid,
    /// The channel's name.
    pub(super) channel: String,
}

impl SendAlert {
    /// What such jobs are called.
    pub(super) const NAME: &'static str = "alerts.send";
}

impl Job for SendAlert {
    const KIND: &'static str = Self::NAME;
    const MAX_ATTEMPTS: u32 = 8;
    type Services = Control;
    type Output = ();

    async fn run(self, control: Control, _: Context) -> Result<(), JobError> {
        let event = alerts::get_event(control.database().reader(), self.event).await?;
        let event = event.ok_or_else(|| JobError::permanent("the event is not kept any more"))?;
        let config = control.config();
        let mut channels = config.declared.alert_channels.iter();
        let Some(channel) = channels.find(|channel| channel.name.as_str() == self.channel) else {
            return Err(JobError::permanent("there is no such channel any more"));
        };
        let message = Message::of(&event, channel.language);
        let message =
            message.ok_or_else(|| JobError::permanent("the event cannot be read by this version"))?;
        let sent = control.send(channel, &message).await;
        let (state, error) = match &sent {
            Ok(()) => ("sent", None),
            Err(error) => ("failed", Some(error.to_string())),
        };
        let delivery = Delivery { channel: self.channel, state: state.to_owned(), error };
        let transaction = control.database().write().await?;
        alerts::update_delivery(&transaction, self.event, &delivery).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        sent
    }
}

impl Control {
    /// Sends a message through a channel.
    ///
    /// # Errors
    /// Why it did not arrive, and whether it may later; without addresses or secrets.
    pub(super) async fn send(&self, channel: &AlertChannelSpec, message: &Message) -> Result<(), JobError> {
        if channel.kind == AlertChannelKind::Email {
            return self.send_letters(channel, message).await;
        }
        let request = shape::request(channel, message, self.now());
        let request = request.ok_or_else(|| JobError::permanent("the channel has no usable address"))?;
        let guard = Guard::public(&self.config().outbound.allowed_networks);
        let outbound = Outbound::new(&Tls::default(), guard, TIMEOUT, ANSWER_BYTES)
            .map_err(|error| JobError::permanent(error.to_string()))?;
        let response = outbound.send(request).await.map_err(|error| match error {
            OutboundError::Timeout(_) | OutboundError::Transport(_) => JobError::temporary(error.to_string()),
            OutboundError::Forbidden(_) => JobError::permanent(format!(
                "{error}; the operator can allow its network (outbound.allowed_networks)"
            )),
            _ => JobError::permanent(error.to_string()),
        })?;
        match shape::read(channel.kind, &response) {
            Answer::Accepted => Ok(()),
            Answer::Later(said) => Err(JobError::temporary(said)),
            Answer::Refused(said) => Err(JobError::permanent(said)),
        }
    }

    async fn send_letters(&self, channel: &AlertChannelSpec, message: &Message) -> Result<(), JobError> {
        let config = self.config();
        let settings = crate::letters::settings(&config.smtp).ok_or_else(|| {
            JobError::permanent("no mail server is configured (smtp.host), so no letters can be sent")
        })?;
        let mailer = Mailer::new(&settings).map_err(|error| JobError::permanent(error.to_string()))?;
        for to in &channel.to {
            let letter = Letter { to: to.clone(), subject: message.title.clone(), text: message.text() };
            mailer.send(&letter).await.map_err(|error| JobError::temporary(error.to_string()))?;
        }
        Ok(())
    }
}
