//! What requests carry: a signed note that names a login (RFC 7519, HS256).

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use roundhouse_domain::{SessionId, Timestamp, UserId};
use roundhouse_storage::MasterKey;
use serde::{Deserialize, Serialize};

use crate::Role;
use crate::fault::Fault;

/// Signs access tokens and reads them.
pub(crate) struct AccessTokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

/// What an access token says; `role` is for its bearer to know, the database decides.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) sub: UserId,
    pub(crate) sid: SessionId,
    role: String,
    iat: i64,
    exp: i64,
}

impl AccessTokens {
    pub(crate) fn new(keys: &MasterKey) -> Self {
        let key = keys.derive("access tokens");
        let mut validation = Validation::new(Algorithm::HS256);
        // The injected clock decides what has expired, not the system's.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        Self {
            encoding: EncodingKey::from_secret(&*key),
            decoding: DecodingKey::from_secret(&*key),
            validation,
        }
    }

    /// Signs a note that is valid for `ttl` from `now`.
    pub(crate) fn sign(
        &self,
        (user, role): (UserId, Role),
        session: SessionId,
        now: Timestamp,
        ttl: Duration,
    ) -> Result<String, Fault> {
        let claims = Claims {
            sub: user,
            sid: session,
            role: role.as_str().to_owned(),
            iat: now.as_millis().div_euclid(1_000),
            exp: now.plus(ttl).as_millis().div_euclid(1_000),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .map_err(|_| Fault::Cryptography)
    }

    /// Reads a note of ours that has not expired.
    pub(crate) fn read(&self, token: &str, now: Timestamp) -> Option<Claims> {
        let claims: Claims = jsonwebtoken::decode(token, &self.decoding, &self.validation).ok()?.claims;
        (claims.exp.saturating_mul(1_000) > now.as_millis()).then_some(claims)
    }
}

impl std::fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccessTokens(****)")
    }
}

#[cfg(test)]
mod tests {
    use roundhouse_domain::{Clock, Ids, Secret};

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_793_491_200_000);

    fn tokens(key: &str) -> AccessTokens {
        AccessTokens::new(&MasterKey::from_text(&Secret::from(key)))
    }

    #[test]
    fn a_token_is_read_until_it_expires_and_under_its_own_key_only() {
        let ids = Ids::seeded(Clock::frozen(NOW.as_millis()), 1);
        let (user, session) = (ids.next(), ids.next());
        let ttl = Duration::from_mins(1);
        let token = tokens("one").sign((user, Role::Member), session, NOW, ttl).unwrap();
        let claims = tokens("one").read(&token, NOW.plus(Duration::from_secs(59))).unwrap();
        assert_eq!((claims.sub, claims.sid), (user, session));
        assert_eq!(tokens("one").read(&token, NOW.plus(ttl)), None);
        assert_eq!(tokens("two").read(&token, NOW), None);
    }

    #[test]
    fn a_token_without_a_signature_is_nothing() {
        // {"alg":"none","typ":"JWT"} and {}, with and without a signature.
        for token in [
            "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.e30.",
            "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.e30.AA",
            "",
            "..",
            "x",
        ] {
            assert_eq!(tokens("one").read(token, NOW), None, "{token}");
        }
    }
}
