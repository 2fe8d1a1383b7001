//! What people read.

use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::AlertLanguage;
use roundhouse_storage::alerts::AlertEvent;

use super::decide::EventKind;
use super::finding::Finding;

/// A message in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The event's id: the same for all who are told.
    pub id: uuid::Uuid,
    /// What happened.
    pub kind: EventKind,
    /// The rule's name.
    pub rule: String,
    /// What it is about.
    pub object: String,
    /// When.
    pub at: Timestamp,
    /// Since when things were so.
    pub since: Timestamp,
    /// What was found, as JSON.
    pub finding: serde_json::Value,
    /// One line.
    pub title: String,
    /// All of it, the title left out, line by line.
    pub lines: Vec<String>,
}

impl Message {
    /// The message about `event`; none when it was written by a version that knows more.
    pub fn of(event: &AlertEvent, language: AlertLanguage) -> Option<Self> {
        let kind = EventKind::parse(&event.kind)?;
        let finding: Finding = serde_json::from_str(&event.finding).ok()?;
        let words = match language {
            AlertLanguage::En => english,
            AlertLanguage::Zh => chinese,
        };
        let (title, lines) = words(kind, &finding, event);
        Some(Self {
            id: event.id,
            kind,
            rule: event.rule.clone(),
            object: event.object.clone(),
            at: event.at,
            since: event.since,
            finding: serde_json::from_str(&event.finding).ok()?,
            title,
            lines,
        })
    }

    /// All of it but the title, as one text.
    pub fn text(&self) -> String {
        self.lines.join("\n")
    }
}

fn english(kind: EventKind, finding: &Finding, event: &AlertEvent) -> (String, Vec<String>) {
    let (what, detail) = in_english(finding);
    let state = match kind {
        EventKind::Fired => "Alert",
        EventKind::Repeated => "Still",
        EventKind::Resolved => "Resolved",
        EventKind::Test => "Test",
    };
    let mut lines: Vec<String> = detail.into_iter().collect();
    lines.push(format!("Rule: {}", event.rule));
    if kind != EventKind::Test {
        lines.push(format!("Since: {}", event.since));
    }
    (format!("[Roundhouse] {state}: {what}"), lines)
}

/// What it is, in one line, and what else there is to know.
fn in_english(finding: &Finding) -> (String, Option<String>) {
    match finding {
        Finding::ProviderUnhealthy { provider, disabled, reason } => {
            let what = if *disabled { "is disabled by health checks" } else { "is unhealthy" };
            (format!("provider {provider} {what}"), reason.as_ref().map(|reason| format!("Reason: {reason}")))
        }
        Finding::FewKeys { provider, usable, total } => {
            (format!("provider {provider} has {usable} of {total} keys that work"), None)
        }
        Finding::ProviderErrors { provider, percent, calls } => {
            (format!("{percent} % of {calls} calls to provider {provider} failed"), None)
        }
        Finding::RequestErrors { percent, requests } => {
            (format!("{percent} % of {requests} requests failed"), None)
        }
        Finding::Latency { provider, percentile, milliseconds, requests } => {
            let what = format!("provider {provider} is slow: {milliseconds} ms (p{percentile})");
            (what, Some(format!("Requests: {requests}")))
        }
        Finding::Budget { owner, percent, limit } => {
            (format!("{percent} % of {limit} of {owner} is used"), None)
        }
        Finding::RecordsDropped { records } => (
            format!("{records} records of requests were dropped"),
            Some("The database does not take them fast enough, or not at all.".to_owned()),
        ),
        Finding::JobFailed { job, jobs, error } => {
            (format!("{jobs} jobs {job} failed"), error.as_ref().map(|error| format!("Error: {error}")))
        }
        Finding::Test => ("messages arrive here".to_owned(), None),
    }
}

fn chinese(kind: EventKind, finding: &Finding, event: &AlertEvent) -> (String, Vec<String>) {
    let (what, detail) = in_chinese(finding);
    let state = match kind {
        EventKind::Fired => "告警",
        EventKind::Repeated => "仍未恢复",
        EventKind::Resolved => "已恢复",
        EventKind::Test => "测试",
    };
    let mut lines: Vec<String> = detail.into_iter().collect();
    lines.push(format!("规则:{}", event.rule));
    if kind != EventKind::Test {
        lines.push(format!("开始时间:{}", event.since));
    }
    (format!("[Roundhouse] {state}:{what}"), lines)
}

fn in_chinese(finding: &Finding) -> (String, Option<String>) {
    match finding {
        Finding::ProviderUnhealthy { provider, disabled, reason } => {
            let what = if *disabled { "已被健康检查停用" } else { "不健康" };
            (format!("提供方 {provider} {what}"), reason.as_ref().map(|reason| format!("原因:{reason}")))
        }
        Finding::FewKeys { provider, usable, total } => {
            (format!("提供方 {provider} 的 {total} 个密钥中只有 {usable} 个可用"), None)
        }
        Finding::ProviderErrors { provider, percent, calls } => {
            (format!("对提供方 {provider} 的 {calls} 次调用中有 {percent}% 失败"), None)
        }
        Finding::RequestErrors { percent, requests } => {
            (format!("{requests} 个请求中有 {percent}% 失败"), None)
        }
        Finding::Latency { provider, percentile, milliseconds, requests } => {
            let what = format!("提供方 {provider} 响应缓慢:{milliseconds} 毫秒(p{percentile})");
            (what, Some(format!("请求数:{requests}")))
        }
        Finding::Budget { owner, percent, limit } => {
            (format!("{owner} 的预算 {limit} 已使用 {percent}%"), None)
        }
        Finding::RecordsDropped { records } => {
            (format!("丢弃了 {records} 条请求记录"), Some("数据库写入过慢或无法写入。".to_owned()))
        }
        Finding::JobFailed { job, jobs, error } => {
            (format!("后台任务 {job} 失败 {jobs} 次"), error.as_ref().map(|error| format!("错误:{error}")))
        }
        Finding::Test => ("消息可以送达此处".to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, finding: &Finding) -> AlertEvent {
        AlertEvent {
            id: uuid::Uuid::nil(),
            rule: "down".to_owned(),
            object: "openai".to_owned(),
            kind: kind.to_owned(),
            at: Timestamp::from_millis(2_000),
            since: Timestamp::from_millis(1_000),
            finding: serde_json::to_string(finding).unwrap(),
            deliveries: Vec::new(),
        }
    }

    #[test]
    fn messages_say_what_is_wrong_in_either_language() {
        let reason = Some("no answer in time".to_owned());
        let finding = Finding::ProviderUnhealthy { provider: "openai".to_owned(), disabled: false, reason };
        let event = event("fired", &finding);
        let english = Message::of(&event, AlertLanguage::En).unwrap();
        assert_eq!(english.title, "[Roundhouse] Alert: provider openai is unhealthy");
        assert_eq!(english.text(), "Reason: no answer in time\nRule: down\nSince: 1970-01-01T00:00:01Z");
        let chinese = Message::of(&event, AlertLanguage::Zh).unwrap();
        assert_eq!(chinese.title, "[Roundhouse] 告警:提供方 openai 不健康");
        assert_eq!(chinese.text(), "原因:no answer in time\n规则:down\n开始时间:1970-01-01T00:00:01Z");
    }
}
