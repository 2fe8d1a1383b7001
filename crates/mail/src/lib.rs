//! Letters, sent by SMTP.

pub mod letter;
pub mod mailer;

pub use letter::Letter;
pub use mailer::{Encryption, MailError, Mailer, SmtpSettings};
