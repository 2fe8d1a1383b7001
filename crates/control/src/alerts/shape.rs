//! Messages in the shapes that receivers want, and what their answers mean.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{Request, Response};
use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::{AlertChannelKind, AlertChannelSpec};
use serde_json::{Value, json};
use url::Url;

use super::decide::EventKind;
use super::message::Message;
use super::sign;

/// Bytes of a text message to `WeCom` at the most (<https://developer.work.weixin.qq.com/document/path/91770>, 2026-11).
const WECOM_BYTES: usize = 2_048;

/// The request that brings `message` to `channel`; none when the channel has no usable address.
pub(super) fn request(
    channel: &AlertChannelSpec,
    message: &Message,
    now: Timestamp,
) -> Option<Request<Bytes>> {
    let mut url = Url::parse(channel.url.as_ref()?.expose()).ok()?;
    let mut headers = Vec::new();
    let body = match channel.kind {
        AlertChannelKind::Webhook => webhook(message),
        AlertChannelKind::Slack => slack(message),
        AlertChannelKind::Feishu => feishu(channel, message, now),
        AlertChannelKind::Dingtalk => {
            if let Some(secret) = &channel.secret {
                let (time, sign) = (now.as_millis().to_string(), sign::dingtalk(secret, now));
                url.query_pairs_mut().append_pair("timestamp", &time).append_pair("sign", &sign);
            }
            text(message, usize::MAX)
        }
        AlertChannelKind::Wecom => text(message, WECOM_BYTES),
        AlertChannelKind::Email => return None,
    };
    let body = Bytes::from(body.to_string());
    if let (AlertChannelKind::Webhook, Some(secret)) = (channel.kind, &channel.secret) {
        let id = message.id.to_string();
        headers.push(("webhook-signature", sign::standard(secret, &id, now, &body)));
        headers.push(("webhook-timestamp", sign::seconds(now).to_string()));
        headers.push(("webhook-id", id));
    }
    let mut request =
        Request::post(url.as_str()).header(CONTENT_TYPE, "application/json").header(USER_AGENT, "roundhouse");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(body).ok()
}

/// What an answer says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The message is accepted.
    Accepted,
    /// It may be accepted later.
    Later(String),
    /// It will never be accepted like this.
    Refused(String),
}

/// Reads the answer to [`request`].
pub(super) fn read(kind: AlertChannelKind, response: &Response<Bytes>) -> Answer {
    let status = response.status();
    if !status.is_success() {
        let said = format!("it answered {}: {}", status.as_u16(), short(response.body()));
        let later = status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429);
        return if later { Answer::Later(said) } else { Answer::Refused(said) };
    }
    // These answer 200 whatever happens, and say in the body what did.
    let fields: &[&str] = match kind {
        AlertChannelKind::Feishu => &["code", "StatusCode"],
        AlertChannelKind::Dingtalk | AlertChannelKind::Wecom => &["errcode"],
        _ => return Answer::Accepted,
    };
    let Ok(body) = serde_json::from_slice::<Value>(response.body()) else {
        return Answer::Refused(format!(
            "its answer is not what such a robot says: {}",
            short(response.body())
        ));
    };
    match fields.iter().find_map(|field| body.get(field)?.as_i64()) {
        Some(0) => Answer::Accepted,
        _ => Answer::Refused(format!("it refused the message: {}", short(response.body()))),
    }
}

/// Our own shape, with everything.
fn webhook(message: &Message) -> Value {
    json!({
        "type": format!("alert.{}", message.kind.as_str()),
        "id": message.id,
        "timestamp": message.at,
        "data": {
            "alert": message.rule,
            "object": message.object,
            "since": message.since,
            "title": message.title,
            "text": message.text(),
            "finding": message.finding,
        },
    })
}

/// <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>, 2026-11. Its three special characters are escaped.
fn slack(message: &Message) -> Value {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let (title, text) = (escape(&message.title), escape(&message.text()));
    json!({
        "text": title,
        "blocks": [{ "type": "section", "text": { "type": "mrkdwn", "text": format!("*{title}*\n{text}") } }],
    })
}

/// A card (<https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot>, 2026-11). Its text is plain: what others say in it
/// must not call anybody.
fn feishu(channel: &AlertChannelSpec, message: &Message, now: Timestamp) -> Value {
    let color = match message.kind {
        EventKind::Fired | EventKind::Repeated => "red",
        EventKind::Resolved => "green",
        EventKind::Test => "blue",
    };
    let mut body = json!({
        "msg_type": "interactive",
        "card": {
            "header": { "template": color, "title": { "tag": "plain_text", "content": message.title } },
            "elements": [{ "tag": "div", "text": { "tag": "plain_text", "content": message.text() } }],
        },
    });
    if let Some(secret) = &channel.secret {
        body["timestamp"] = sign::seconds(now).to_string().into();
        body["sign"] = sign::feishu(secret, now).into();
    }
    body
}

/// `DingTalk` (<https://open.dingtalk.com/document/robots/custom-robot-access>) and `WeCom`
/// (<https://developer.work.weixin.qq.com/document/path/91770>) agree on this, 2026-11.
fn text(message: &Message, most_bytes: usize) -> Value {
    let mut content = format!("{}\n{}", message.title, message.text());
    if content.len() > most_bytes {
        content.truncate(content.floor_char_boundary(most_bytes));
    }
    json!({ "msgtype": "text", "text": { "content": content } })
}

/// The beginning of what was said.
fn short(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    let short: String = text.chars().take(200).collect();
    if short.is_empty() { "nothing".to_owned() } else { short }
}
