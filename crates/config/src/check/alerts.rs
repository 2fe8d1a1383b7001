//! Checks of alerts and their channels.

use roundhouse_domain::Secret;
use roundhouse_domain::spec::{AlertChannelKind, AlertChannelSpec, AlertSpec};
use url::Url;

use super::Placed;
use crate::nearest::suggestion;
use crate::report::Report;

/// Reports a channel that could reach nobody.
pub(super) fn channel(channel: &Placed<AlertChannelSpec>, report: &mut Report) {
    let Placed { pointer, spec } = channel;
    if spec.kind == AlertChannelKind::Email {
        if spec.to.is_empty() {
            report.problem(&format!("{pointer}/to"), "must name at least one e-mail address");
        }
        for (index, address) in spec.to.iter().enumerate() {
            let is_address =
                address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
            if !is_address || address.chars().any(|c| c.is_whitespace() || c.is_control()) {
                report.problem(&format!("{pointer}/to/{index}"), format!("{address:?} is no e-mail address"));
            }
        }
        return;
    }
    let place = format!("{pointer}/url");
    match spec.url.as_ref().map(Secret::expose) {
        None => report.problem(&place, "must be given: the address that messages are posted to"),
        // The address itself may be the secret, so it is not repeated.
        Some(url) if !is_web_address(url) => {
            report.problem(&place, "must be an address such as https://example.com/hook");
        }
        Some(_) => {}
    }
    let signs = [AlertChannelKind::Webhook, AlertChannelKind::Feishu, AlertChannelKind::Dingtalk];
    if spec.secret.is_some() && !signs.contains(&spec.kind) {
        report.warn_at(&format!("{pointer}/secret"), "is not used: messages of this kind are not signed");
    }
}

/// Reports an alert whose channels are not there, or whose threshold can never be passed.
pub(super) fn alert(alert: &Placed<AlertSpec>, channels: &[Placed<AlertChannelSpec>], report: &mut Report) {
    let Placed { pointer, spec } = alert;
    for (index, name) in spec.channels.iter().enumerate() {
        if !channels.iter().any(|channel| channel.spec.name == *name) {
            let hint = suggestion(name.as_str(), channels.iter().map(|channel| channel.spec.name.as_str()));
            let message = format!("no alert channel is named `{name}`{hint}");
            report.problem(&format!("{pointer}/channels/{index}"), message);
        }
    }
    if spec.channels.is_empty() {
        report.warn_at(&format!("{pointer}/channels"), "tells nobody; the alert only shows in the console");
    }
    if spec.when.is_in_percent() && spec.threshold() > 100 {
        report.problem(&format!("{pointer}/threshold"), "is in percent, so it must be 100 at the most");
    }
    if spec.window.0.as_secs() < 60 {
        report.problem(&format!("{pointer}/window"), "must be a minute at least");
    }
}

fn is_web_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
}
