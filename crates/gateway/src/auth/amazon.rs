//! AWS Signature Version 4, for Bedrock.

use std::fmt;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use roundhouse_domain::{Secret, Timestamp};
use serde::Deserialize;

use super::Refused;

/// What requests to Bedrock and to its runtime are signed for
/// (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html>, 2026-11).
const SERVICE: &str = "bedrock";

/// Headers that a signature brings; a caller's own would contradict it.
const OWN_HEADERS: [&str; 3] = ["x-amz-date", "x-amz-security-token", "x-amz-content-sha256"];

/// An access key of AWS.
pub(crate) struct Keys {
    id: String,
    secret: Secret,
    session_token: Option<Secret>,
}

/// The names of AWS's tools (`aws sts`, SDKs) and of its files and variables.
#[derive(Deserialize)]
struct Json {
    #[serde(
        rename = "AccessKeyId",
        alias = "accessKeyId",
        alias = "aws_access_key_id",
        alias = "AWS_ACCESS_KEY_ID"
    )]
    id: String,
    #[serde(
        rename = "SecretAccessKey",
        alias = "secretAccessKey",
        alias = "aws_secret_access_key",
        alias = "AWS_SECRET_ACCESS_KEY"
    )]
    secret: Secret,
    #[serde(
        rename = "SessionToken",
        alias = "sessionToken",
        alias = "aws_session_token",
        alias = "AWS_SESSION_TOKEN"
    )]
    session_token: Option<Secret>,
}

/// What `aws sts assume-role` prints.
#[derive(Deserialize)]
struct Nested {
    #[serde(rename = "Credentials")]
    credentials: Json,
}

impl Keys {
    /// Reads `ID:SECRET[:SESSION_TOKEN]`, or JSON with AWS's names; none for an API key of Bedrock's, which is sent as it is.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.starts_with('{') {
            let nested = serde_json::from_str(text).map(|nested: Nested| nested.credentials);
            let json = nested.or_else(|_| serde_json::from_str::<Json>(text)).ok()?;
            return Some(Self { id: json.id, secret: json.secret, session_token: json.session_token });
        }
        let mut parts = text.splitn(3, ':').filter(|part| !part.is_empty());
        // An access key's id is of capital letters and digits, which tells it from an API key with colons in it
        // (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html, 2026-11).
        let is_id = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
        if !text.split(':').next()?.chars().all(is_id) {
            return None;
        }
        Some(Self {
            id: parts.next()?.to_owned(),
            secret: Secret::from(parts.next()?),
            session_token: parts.next().map(Secret::from),
        })
    }

    /// Signs `request` for `region`: its method, address, body, and the headers that no proxy on the way changes.
    pub(super) fn sign<B>(
        &self,
        region: &str,
        request: &mut Request<B>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), Refused> {
        for name in OWN_HEADERS {
            request.headers_mut().remove(name);
        }
        let token = self.session_token.as_ref().map(|token| token.expose().to_owned());
        let identity = Credentials::new(&self.id, self.secret.expose(), token, None, "provider key").into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(SERVICE)
            .time(SystemTime::UNIX_EPOCH + Duration::from_millis(now.as_millis().unsigned_abs()))
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| unsigned(&error))?
            .into();
        let uri = request.uri().to_string();
        let headers = signed_headers(request.headers());
        let signable =
            SignableRequest::new(request.method().as_str(), uri, headers, SignableBody::Bytes(body))
                .map_err(|error| unsigned(&error))?;
        let (signature, _) = sign(signable, &params).map_err(|error| unsigned(&error))?.into_parts();
        let made = signature.headers().map(|(name, value)| {
            let mut value = HeaderValue::from_str(value).map_err(|error| unsigned(&error))?;
            value.set_sensitive(true);
            Ok((HeaderName::try_from(name).map_err(|error| unsigned(&error))?, value))
        });
        let made = made.collect::<Result<Vec<_>, Refused>>()?;
        request.headers_mut().extend(made);
        Ok(())
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The headers that AWS wants in the signature: the content type and its own; the signer adds the host.
fn signed_headers(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let is_signed = |name: &HeaderName| name == "content-type" || name.as_str().starts_with("x-amz");
    headers
        .iter()
        .filter(move |(name, _)| is_signed(name))
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
}

fn unsigned(error: &dyn std::error::Error) -> Refused {
    Refused::credential(format!("the request cannot be signed: {error}"))
}
