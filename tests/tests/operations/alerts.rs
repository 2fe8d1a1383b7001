//! Alerts, from what is wrong to those who are told, end to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use roundhouse_tests::postbox::Postbox;
use roundhouse_tests::{Fake, House, Reply, Seen, eventually, provider};
use serde_json::{Value, json};

const SECRET: &str = "the secret of the robot";

fn hmac(key: &str, text: &str) -> String {
    BASE64_STANDARD.encode(sign(&Key::new(HMAC_SHA256, key.as_bytes()), text.as_bytes()))
}

/// A receiver that answers as this kind does when it accepts a message.
async fn receiver(answer: Value) -> Fake {
    Fake::new(move |_| Reply::json(200, &answer)).await
}

/// What stands in the query.
fn query(seen: &Seen, name: &str) -> String {
    let query = seen.target.split_once('?').unwrap().1;
    let pair = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
    let value = pair.unwrap_or_else(|| panic!("{name} is missing in {query}"));
    value.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")
}

fn header(seen: &Seen, name: &str) -> String {
    seen.headers[name].to_str().unwrap().to_owned()
}

fn body(seen: &Seen) -> Value {
    serde_json::from_slice(&seen.body).unwrap()
}

fn channel(name: &str, kind: &str, url: &str) -> Value {
    json!({ "name": name, "kind": kind, "url": url, "secret": SECRET })
}

#[tokio::test]
async fn every_kind_of_channel_gets_the_shape_it_wants() {
    let hook = receiver(json!({})).await;
    let slack = Fake::new(|_| Reply::body(200, "text/plain", "ok")).await;
    let feishu = receiver(json!({ "code": 0, "msg": "success" })).await;
    let dingtalk = receiver(json!({ "errcode": 0, "errmsg": "ok" })).await;
    let wecom = receiver(json!({ "errcode": 0, "errmsg": "ok" })).await;
    let postbox = Postbox::new().await;
    let up = Fake::new(|_| Reply::json(200, &json!({ "data": [] }))).await;
    let house = House::start(json!({
        "providers": [provider("up", "openai", &up.url(), &["key-1"], &["m"])],
        "outbound": { "allowed_networks": ["127.0.0.0/8"] },
        "health": { "alert_interval": "1s" },
        "smtp": { "host": "127.0.0.1", "port": postbox.port(), "encryption": "none", "from": "roundhouse@example.com" },
        "alert_channels": [
            channel("hook", "webhook", &format!("{}/hook", hook.url())),
            { "name": "slack", "kind": "slack", "url": format!("{}/services/T/B/X", slack.url()) },
            channel("feishu", "feishu", &format!("{}/open-apis/bot/v2/hook/x", feishu.url())),
            channel("dingtalk", "dingtalk", &format!("{}/robot/send?access_token=t", dingtalk.url())),
            { "name": "wecom", "kind": "wecom", "url": format!("{}/cgi-bin/webhook/send?key=k", wecom.url()), "language": "zh" },
            { "name": "mail", "kind": "email", "to": ["ops@example.com", "boss@example.com"] },
        ],
        "alerts": [{
            "name": "keys", "when": "few_keys", "threshold": 2,
            "channels": ["hook", "slack", "feishu", "dingtalk", "wecom", "mail"],
        }],
    }))
    .await;
    let title = "[Roundhouse] Alert: provider up has 1 of 1 keys that work";

    let seen = eventually("the webhook is called", async || hook.seen().first().cloned()).await;
    let told = body(&seen);
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/hook"));
    assert_eq!(
        (&told["type"], &told["data"]["alert"], &told["data"]["object"]),
        (&json!("alert.fired"), &json!("keys"), &json!("up"))
    );
    assert_eq!(told["data"]["title"], json!(title));
    assert_eq!(
        told["data"]["finding"],
        json!({ "kind": "few_keys", "provider": "up", "usable": 1, "total": 1 })
    );
    let (id, time) = (header(&seen, "webhook-id"), header(&seen, "webhook-timestamp"));
    assert_eq!(json!(id), told["id"]);
    let signed = format!("{id}.{time}.{}", String::from_utf8_lossy(&seen.body));
    assert_eq!(header(&seen, "webhook-signature"), format!("v1,{}", hmac(SECRET, &signed)));

    let seen = eventually("Slack is called", async || slack.seen().first().cloned()).await;
    let told = body(&seen);
    assert_eq!((seen.target.as_str(), &told["text"]), ("/services/T/B/X", &json!(title)));
    assert_eq!(
        (&told["blocks"][0]["type"], &told["blocks"][0]["text"]["type"]),
        (&json!("section"), &json!("mrkdwn"))
    );
    assert!(
        told["blocks"][0]["text"]["text"].as_str().unwrap().starts_with(&format!("*{title}*\nRule: keys\n"))
    );

    let seen = eventually("Feishu is called", async || feishu.seen().first().cloned()).await;
    let told = body(&seen);
    assert_eq!(told["msg_type"], json!("interactive"));
    assert_eq!(
        told["card"]["header"],
        json!({ "template": "red", "title": { "tag": "plain_text", "content": title } })
    );
    assert_eq!(
        (&told["card"]["elements"][0]["tag"], &told["card"]["elements"][0]["text"]["tag"]),
        (&json!("div"), &json!("plain_text"))
    );
    let time = told["timestamp"].as_str().unwrap();
    assert_eq!(told["sign"], json!(hmac(&format!("{time}\n{SECRET}"), "")));

    let seen = eventually("DingTalk is called", async || dingtalk.seen().first().cloned()).await;
    let (told, time) = (body(&seen), query(&seen, "timestamp"));
    assert_eq!((query(&seen, "access_token").as_str(), &told["msgtype"]), ("t", &json!("text")));
    assert!(told["text"]["content"].as_str().unwrap().starts_with(title));
    assert_eq!(time.len(), 13, "milliseconds");
    assert_eq!(query(&seen, "sign"), hmac(SECRET, &format!("{time}\n{SECRET}")));

    let seen = eventually("WeCom is called", async || wecom.seen().first().cloned()).await;
    let told = body(&seen);
    assert_eq!((query(&seen, "key").as_str(), &told["msgtype"]), ("k", &json!("text")));
    let content = told["text"]["content"].as_str().unwrap();
    assert!(
        content.starts_with("[Roundhouse] 告警:提供方 up 的 1 个密钥中只有 1 个可用\n规则:keys\n"),
        "{content}"
    );

    let letters =
        eventually("letters come", async || Some(postbox.letters()).filter(|letters| letters.len() == 2))
            .await;
    let to: Vec<_> = letters.iter().flat_map(|letter| letter.to.clone()).collect();
    assert_eq!(to, ["ops@example.com", "boss@example.com"]);
    assert_eq!(letters[0].from, "roundhouse@example.com");
    assert!(letters[0].text.contains(&format!("Subject: {title}")), "{}", letters[0].text);
    assert!(!house.log().contains("access_token"), "addresses are secrets");
}

/// A provider that serves, or answers 500 to everything.
async fn moody() -> (Fake, Arc<AtomicBool>) {
    let well = Arc::new(AtomicBool::new(true));
    let mood = well.clone();
    let fake = Fake::new(move |_| {
        let status = if mood.load(Ordering::SeqCst) { 200 } else { 500 };
        Reply::json(status, &json!({ "data": [], "error": { "message": "out of order" } }))
    })
    .await;
    (fake, well)
}

async fn post(house: &mut House, path: &str, body: &Value) -> Value {
    let token = house.administrator().await;
    let answer = house.client().post(path).bearer(&token).json(body).send().await;
    assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.text());
    answer.json()
}

async fn check(house: &mut House) {
    assert_eq!(house.manage("POST", "/api/v1/providers/up/test").await.status, 200);
}

#[tokio::test]
async fn people_are_told_once_when_it_begins_and_once_when_it_is_over_unless_it_is_silenced() {
    let (up, well) = moody().await;
    let hook = receiver(json!({})).await;
    let mut house = House::start(json!({
        "providers": [provider("up", "openai", &up.url(), &["key-1"], &["m"])],
        "outbound": { "allowed_networks": ["127.0.0.0/8"] },
        "health": { "interval": "1h", "alert_interval": "1s", "disable_after": 0 },
    }))
    .await;
    let channel =
        json!({ "name": "hook", "kind": "webhook", "url": format!("{}/hook", hook.url()), "secret": SECRET });
    let made = post(&mut house, "/api/v1/alert-channels", &channel).await;
    assert!(!made.to_string().contains(SECRET) && !made.to_string().contains("/hook"), "{made}");
    let rule = json!({ "name": "down", "when": "provider_unhealthy", "channels": ["hook"], "repeat": 0 });
    post(&mut house, "/api/v1/alerts", &rule).await;
    let tested = post(&mut house, "/api/v1/alerts/down/test", &json!({})).await;
    assert_eq!(
        tested,
        json!({ "works": true, "deliveries": [{ "channel": "hook", "state": "sent", "error": null }] })
    );
    let kinds =
        || hook.seen().iter().map(|seen| body(seen)["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(kinds(), ["alert.test"]);

    well.store(false, Ordering::SeqCst);
    check(&mut house).await;
    eventually("it is told", async || (kinds().len() > 1).then_some(())).await;
    let firing = house.manage("GET", "/api/v1/alerts-firing").await.json();
    assert_eq!((&firing["items"][0]["alert"], &firing["items"][0]["object"]), (&json!("down"), &json!("up")));
    well.store(true, Ordering::SeqCst);
    check(&mut house).await;
    eventually("it is told that it is over", async || (kinds().len() > 2).then_some(())).await;
    assert_eq!(kinds(), ["alert.test", "alert.fired", "alert.resolved"]);

    let silence = json!({ "alert": "down", "until": "2999-01-01T00:00:00Z", "reason": "maintenance" });
    let silence = post(&mut house, "/api/v1/alert-silences", &silence).await;
    well.store(false, Ordering::SeqCst);
    check(&mut house).await;
    eventually("it is wrong and silenced", async || {
        let token = house.administrator().await;
        let firing = house.client().get("/api/v1/alerts-firing").bearer(&token).send().await.json();
        (firing["items"][0]["silenced"] == json!(true)).then_some(())
    })
    .await;
    assert_eq!(kinds().len(), 3);
    let path = format!("/api/v1/alert-silences/{}", silence["id"].as_str().unwrap());
    assert_eq!(house.manage("DELETE", &path).await.status, 204);
    eventually("it is told when the silence ends", async || (kinds().len() > 3).then_some(())).await;

    let events = house.manage("GET", "/api/v1/alert-events?alert=down").await.json();
    let told: Vec<_> =
        events["items"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(told, ["fired", "resolved", "fired", "test"]);
    eventually("deliveries are noted", async || {
        let token = house.administrator().await;
        let events = house.client().get("/api/v1/alert-events").bearer(&token).send().await.json();
        (events["items"][0]["deliveries"][0]["state"] == json!("sent")).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_channel_that_leads_into_the_network_or_nowhere_is_told_of() {
    let hook = receiver(json!({ "errcode": 310_000, "errmsg": "sign not match" })).await;
    let mut house = House::start(json!({})).await;
    let ding = json!({ "name": "ding", "kind": "dingtalk", "url": hook.url() });
    post(&mut house, "/api/v1/alert-channels", &ding).await;
    let rule = json!({ "name": "jobs", "when": "job_failed", "channels": ["ding"] });
    post(&mut house, "/api/v1/alerts", &rule).await;
    let tested = post(&mut house, "/api/v1/alerts/jobs/test", &json!({})).await;
    assert_eq!(tested["works"], json!(false));
    let error = tested["deliveries"][0]["error"].as_str().unwrap();
    assert!(error.contains("not public") && error.contains("outbound.allowed_networks"), "{error}");
    assert!(hook.seen().is_empty());
    let token = house.administrator().await;
    let post =
        async |path: &str, body: Value| house.client().post(path).bearer(&token).json(&body).send().await;
    let wrong =
        post("/api/v1/alerts", json!({ "name": "x", "when": "latency", "channels": ["nobody"] })).await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("no alert channel is named `nobody`"), "{}", wrong.text());
    assert_eq!(post("/api/v1/alerts/none/test", json!({})).await.status, 404);
    let over = json!({ "until": "2020-01-01T00:00:00Z" });
    assert_eq!(post("/api/v1/alert-silences", over).await.json()["code"], json!("invalid_until"));
}
