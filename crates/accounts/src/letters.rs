//! The letters that people get from us, in English and in Chinese.

use std::sync::Arc;
use std::time::Duration;

use roundhouse_domain::error::chain;
use roundhouse_mail::Letter;
use roundhouse_storage::account_links::LinkKind;

use crate::User;
use crate::accounts::Accounts;
use crate::fault::Fault;

/// What a letter is to say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message<'a> {
    pub(crate) kind: LinkKind,
    pub(crate) user: &'a User,
    pub(crate) url: &'a str,
    pub(crate) valid: Duration,
}

/// Sends a letter; tells whether it went out. Where it did not, the log says why.
pub(crate) async fn send(accounts: &Accounts, message: &Message<'_>) -> bool {
    let Some(mailer) = accounts.context().settings.load().mailer.clone() else { return false };
    match mailer.send(&letter(message)).await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(error = chain(&error), user_id = %message.user.id, "a letter was not sent");
            false
        }
    }
}

/// Sends a letter while its caller goes on, so that the time it takes tells nobody that there is someone to write to.
pub(crate) fn send_later(accounts: &Accounts, kind: LinkKind, user: User, url: String) -> Result<(), Fault> {
    let context = accounts.context();
    let permit = Arc::clone(&context.sending).try_acquire_owned().map_err(|_| Fault::Busy)?;
    let (accounts, valid) = (accounts.clone(), valid(accounts, kind));
    tokio::spawn(async move {
        let _permit = permit;
        send(&accounts, &Message { kind, user: &user, url: &url, valid }).await;
    });
    Ok(())
}

/// How long links of a kind are valid.
pub(crate) fn valid(accounts: &Accounts, kind: LinkKind) -> Duration {
    let settings = accounts.context().settings.load();
    match kind {
        LinkKind::Invitation => settings.invitation_ttl,
        LinkKind::PasswordReset => settings.password_reset_ttl,
    }
}

fn letter(message: &Message<'_>) -> Letter {
    let Message { kind, user, url, valid } = message;
    let chinese = user.language.as_deref().is_some_and(|language| {
        language == "zh" || language.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("zh-"))
    });
    let (name, hours) = (&user.name, valid.as_secs().div_ceil(3_600));
    let (subject, text) = match (kind, chinese) {
        (LinkKind::Invitation, false) => (
            "You are invited to Roundhouse",
            format!(
                "Hello {name},\n\nan account was made for you. Choose a password here:\n\n{url}\n\n\
                 The link works once, within {hours} hours. If you do not know what this is about, \
                 you can ignore this letter.\n"
            ),
        ),
        (LinkKind::Invitation, true) => (
            "邀请您使用 Roundhouse",
            format!(
                "{name}，您好：\n\n已为您创建帐户。请通过以下链接设置密码：\n\n{url}\n\n\
                 该链接只能使用一次，{hours} 小时内有效。如果您不了解此事，请忽略本邮件。\n"
            ),
        ),
        (LinkKind::PasswordReset, false) => (
            "A new password for Roundhouse",
            format!(
                "Hello {name},\n\nchoose a new password here:\n\n{url}\n\n\
                 The link works once, within {hours} hours. If you did not ask for it, you can ignore \
                 this letter: your password stays as it is.\n"
            ),
        ),
        (LinkKind::PasswordReset, true) => (
            "重设 Roundhouse 密码",
            format!(
                "{name}，您好：\n\n请通过以下链接设置新密码：\n\n{url}\n\n\
                 该链接只能使用一次，{hours} 小时内有效。如果这不是您本人的请求，请忽略本邮件，您的密码不会改变。\n"
            ),
        ),
    };
    Letter { to: user.email.clone(), subject: subject.to_owned(), text }
}
