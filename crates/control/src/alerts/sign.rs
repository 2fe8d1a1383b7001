//! Signatures by which receivers know that a message is ours.

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use roundhouse_domain::{Secret, Timestamp};

/// What secrets of Standard Webhooks begin with; the rest is Base64.
const STANDARD_PREFIX: &str = "whsec_";

/// The value of `webhook-signature` (Standard Webhooks, <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>,
/// 2026-11): over id, time in seconds and body. A secret without the usual prefix is taken as it is.
pub(super) fn standard(secret: &Secret, id: &str, at: Timestamp, body: &[u8]) -> String {
    let encoded = secret.expose().strip_prefix(STANDARD_PREFIX);
    let decoded = encoded.and_then(|encoded| BASE64_STANDARD.decode(encoded).ok());
    let key = decoded.unwrap_or_else(|| secret.expose().as_bytes().to_vec());
    let signed = [format!("{id}.{}.", seconds(at)).as_bytes(), body].concat();
    format!("v1,{}", hmac(&key, &signed))
}

/// `DingTalk`'s `sign`: over milliseconds and secret, under the secret
/// (<https://open.dingtalk.com/document/robots/customize-robot-security-settings>, 2026-11).
pub(super) fn dingtalk(secret: &Secret, at: Timestamp) -> String {
    let signed = format!("{}\n{}", at.as_millis(), secret.expose());
    hmac(secret.expose().as_bytes(), signed.as_bytes())
}

/// Feishu's `sign`: over nothing, under seconds and secret
/// (<https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot>, 2026-11).
pub(super) fn feishu(secret: &Secret, at: Timestamp) -> String {
    let key = format!("{}\n{}", seconds(at), secret.expose());
    hmac(key.as_bytes(), b"")
}

/// Seconds since the epoch.
pub(super) fn seconds(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(1_000)
}

fn hmac(key: &[u8], text: &[u8]) -> String {
    BASE64_STANDARD.encode(sign(&Key::new(HMAC_SHA256, key), text))
}
