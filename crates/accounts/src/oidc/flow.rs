//! What a browser carries, sealed, from going to the provider until it comes back.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use roundhouse_domain::{Secret, Timestamp};
use serde::{Deserialize, Serialize};

use super::OidcError;
use crate::accounts::Accounts;
use crate::fault::Fault;

const SEALING_CONTEXT: &str = "login elsewhere";

/// How long somebody may take at the provider.
const PATIENCE: Duration = Duration::from_mins(15);

#[derive(Serialize, Deserialize)]
pub(super) struct Flow {
    /// Shows that the answer belongs to the question (RFC 6749, section 10.12).
    pub(super) state: String,
    /// Shows that what is said of the person was said for this login (`OpenID` Connect Core, section 3.1.2.1).
    pub(super) nonce: String,
    /// Shows that whoever asked exchanges the code (RFC 7636).
    pub(super) verifier: String,
    pub(super) return_to: String,
    pub(super) began_at: Timestamp,
}

impl Flow {
    pub(super) fn seal(&self, accounts: &Accounts) -> Result<Secret, OidcError> {
        let plain = serde_json::to_vec(self).map_err(|_| Fault::Cryptography)?;
        let sealed = accounts.context().master.seal(&plain, SEALING_CONTEXT);
        Ok(Secret::new(URL_SAFE_NO_PAD.encode(sealed.map_err(|_| Fault::Cryptography)?)))
    }

    /// Opens what was sealed for this state, and not too long ago.
    pub(super) fn open(accounts: &Accounts, sealed: &Secret, state: &Secret) -> Result<Self, OidcError> {
        let context = accounts.context();
        let sealed = URL_SAFE_NO_PAD.decode(sealed.expose()).map_err(|_| OidcError::FlowLost)?;
        let plain = context.master.open(&sealed, SEALING_CONTEXT).map_err(|_| OidcError::FlowLost)?;
        let flow: Self = serde_json::from_slice(&plain).map_err(|_| OidcError::FlowLost)?;
        // Comparing hashes takes the same time wherever they differ.
        let same = blake3::hash(flow.state.as_bytes()) == blake3::hash(state.expose().as_bytes());
        let fresh = context.clock.now().since(flow.began_at) < PATIENCE;
        if same && fresh { Ok(flow) } else { Err(OidcError::FlowLost) }
    }
}

/// A path of ours; what could lead elsewhere becomes the first page.
pub(super) fn own_path(path: &str) -> &str {
    let odd = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
    let own = path.starts_with('/') && !path.starts_with("//") && !path.contains(odd);
    if own { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_come_back_to_pages_of_ours_only() {
        for (asked, given) in [
            ("/console/users?q=1", "/console/users?q=1"),
            ("https://evil.example", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/a\r\nset-cookie: x", "/"),
            ("", "/"),
        ] {
            assert_eq!(own_path(asked), given, "{asked}");
        }
    }
}
