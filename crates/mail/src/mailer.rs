//! Who carries letters.

use std::fmt;
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use roundhouse_domain::{ErrorKind, Secret};

use crate::letter::Letter;

/// How to reach the server that sends letters.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Its host name.
    pub host: String,
    /// Its port; none is the usual one: 587 with `STARTTLS`, 465 with TLS, 25 without either (RFC 8314).
    pub port: Option<u16>,
    /// Whom we log in as there; none for servers that ask for nothing.
    pub username: Option<String>,
    /// With which password.
    pub password: Option<Secret>,
    /// Who the letters are from: `roundhouse@example.com` or `Roundhouse <roundhouse@example.com>`.
    pub from: String,
    /// How the connection is kept private.
    pub encryption: Encryption,
    /// How long a letter may take.
    pub timeout: Duration,
}

/// How a connection to a mail server is kept private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// It begins plainly and goes on in TLS, or not at all.
    StartTls,
    /// It is TLS from the beginning.
    Tls,
    /// It is not: only for servers on this machine or in its network.
    None,
}

/// Why a letter was not sent. The texts hold nothing of the letter, and no credential.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The address that letters are from is none.
    #[error("`from` must be an e-mail address such as roundhouse@example.com")]
    Sender,
    /// The address that the letter goes to is none.
    #[error("the letter goes to an address that is none")]
    Recipient,
    /// The letter cannot be written down.
    #[error("the letter cannot be written")]
    Letter(#[source] lettre::error::Error),
    /// The mail server cannot be reached, or refused the letter.
    #[error("the mail server cannot be reached, or refused the letter")]
    Transport(#[from] lettre::transport::smtp::Error),
}

impl MailError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Sender | Self::Recipient => ErrorKind::Invalid,
            Self::Letter(_) => ErrorKind::Internal,
            Self::Transport(_) => ErrorKind::UpstreamFailed,
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Sender => "mail_sender_invalid",
            Self::Recipient => "mail_recipient_invalid",
            Self::Letter(_) => "mail_letter_invalid",
            Self::Transport(_) => "mail_failed",
        }
    }
}

/// Sends letters through one server; clones share its connections.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// A mailer with these settings; nothing is connected before the first letter.
    pub fn new(settings: &SmtpSettings) -> Result<Self, MailError> {
        let from = mailbox(&settings.from).ok_or(MailError::Sender)?;
        let mut builder = match settings.encryption {
            Encryption::StartTls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&settings.host)?,
            Encryption::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(&settings.host)?,
            Encryption::None => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host),
        };
        if let Some(port) = settings.port {
            builder = builder.port(port);
        }
        if let (Some(username), Some(password)) = (&settings.username, &settings.password) {
            builder = builder.credentials(Credentials::new(username.clone(), password.expose().to_owned()));
        }
        Ok(Self { transport: builder.timeout(Some(settings.timeout)).build(), from })
    }

    /// Hands a letter to the server, which may still fail to deliver it.
    ///
    /// # Cancel safety
    /// Dropped, the letter may have been sent or not.
    pub async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(mailbox(&letter.to).ok_or(MailError::Recipient)?)
            .subject(one_line(&letter.subject))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(MailError::Letter)?;
        self.transport.send(message).await?;
        Ok(())
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").field("from", &self.from).finish_non_exhaustive()
    }
}

/// What people choose, such as names, must not begin further headers.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn mailbox(text: &str) -> Option<Mailbox> {
    text.parse().ok()
}

/// Whether letters can be from this address, as [`SmtpSettings::from`] wants it.
pub fn is_sender(text: &str) -> bool {
    mailbox(text).is_some()
}
