//! What one-time codes are made from.

use roundhouse_domain::{Secret, Timestamp};
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

use super::Enrolment;
use crate::fault::Fault;

const ISSUER: &str = "Roundhouse";
/// 160 bits (RFC 4226, section 4).
const SECRET_BYTES: usize = 20;
/// Base 32 (RFC 4648, section 6), in small letters.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const RECOVERY_LETTERS: usize = 12;

/// The secret behind one-time codes.
pub(super) struct Code {
    secret: Zeroizing<Vec<u8>>,
    totp: Totp,
}

impl Code {
    /// One with a fresh secret.
    pub(super) fn generate() -> Result<Self, Fault> {
        let mut secret = Zeroizing::new(vec![0; SECRET_BYTES]);
        getrandom::fill(&mut secret).map_err(|_| Fault::Randomness)?;
        Self::of(&secret)
    }

    /// The one with this secret.
    pub(super) fn of(secret: &[u8]) -> Result<Self, Fault> {
        // SHA-1, six digits, 30 seconds: what every app understands.
        let totp = Builder::new().with_secret(secret.to_vec()).build().map_err(|_| Fault::Cryptography)?;
        Ok(Self { secret: Zeroizing::new(secret.to_vec()), totp })
    }

    pub(super) fn secret(&self) -> &[u8] {
        &self.secret
    }

    /// What a person enters into their app.
    pub(super) fn enrolment(&self, email: &str) -> Result<Enrolment, Fault> {
        // A colon would end the account's name.
        let named = Builder::new()
            .with_secret(self.secret.to_vec())
            .with_account_name(email.replace(':', "_"))
            .with_issuer(Some(ISSUER))
            .build()
            .map_err(|_| Fault::Cryptography)?;
        Ok(Enrolment {
            secret: Secret::new(self.totp.secret().to_base32()),
            url: Secret::new(named.to_url().map_err(|_| Fault::Cryptography)?),
        })
    }

    /// The time step that this is the code of, if it is near.
    pub(super) fn step_of(&self, code: &Secret, now: Timestamp) -> Option<i64> {
        let digits: String = code.expose().chars().filter(|c| !c.is_whitespace()).collect();
        let seconds = u64::try_from(now.as_millis() / 1_000).ok()?;
        self.totp.check(&digits, seconds).and_then(|step| i64::try_from(step).ok())
    }
}

/// A fresh recovery code, in groups that can be read out.
pub(super) fn recovery() -> Result<Secret, Fault> {
    let mut bytes = Zeroizing::new([0; RECOVERY_LETTERS]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| Fault::Randomness)?;
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(Secret::new(groups.join("-")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, cut to six digits.
        let code = Code::of(b"12345678901234567890").unwrap();
        for (seconds, digits) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let now = Timestamp::from_millis(seconds * 1_000);
            assert_eq!(code.step_of(&Secret::from(digits), now), Some(seconds / 30), "{seconds}");
        }
        let now = Timestamp::from_millis(59_000);
        assert_eq!(code.step_of(&Secret::from("287 082"), now), Some(1));
        for wrong in ["287083", "28708", "", "abcdef"] {
            assert_eq!(code.step_of(&Secret::from(wrong), now), None, "{wrong}");
        }
    }

    #[test]
    fn apps_read_the_secret_from_an_address() {
        let enrolment = Code::of(b"12345678901234567890").unwrap().enrolment("ada@example.com").unwrap();
        assert_eq!(enrolment.secret.expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let url = enrolment.url.expose();
        assert!(url.starts_with("otpauth://totp/Roundhouse:ada%40example.com?"), "{url}");
        assert!(url.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{url}");
    }

    #[test]
    fn recovery_codes_differ_and_can_be_read_out() {
        let (one, two) = (recovery().unwrap(), recovery().unwrap());
        assert_ne!(one.expose(), two.expose());
        assert_eq!(one.expose().len(), 14);
    }
}
