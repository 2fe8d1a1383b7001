//! How letters are sent.

use roundhouse_config::section::{SmtpConfig, SmtpEncryption};
use roundhouse_mail::{Encryption, SmtpSettings};

/// The server that sends letters, as it is configured; none without one.
pub fn settings(smtp: &SmtpConfig) -> Option<SmtpSettings> {
    Some(SmtpSettings {
        host: smtp.host.clone()?,
        port: smtp.port,
        username: smtp.username.clone(),
        password: smtp.password.clone(),
        from: smtp.from.clone()?,
        encryption: match smtp.encryption {
            None | Some(SmtpEncryption::Starttls) => Encryption::StartTls,
            Some(SmtpEncryption::Tls) => Encryption::Tls,
            Some(SmtpEncryption::None) => Encryption::None,
        },
        timeout: smtp.timeout.0,
    })
}
