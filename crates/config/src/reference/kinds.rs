//! The table of kinds of providers.

use roundhouse_domain::spec::{ClientDialect, ProviderKind};

const HEAD: &str = "
## Kinds of providers

What `kind` may say. Without it the kind is told by the host of the base URL, or by its path (`/v1/messages`, `/anthropic`,
`/v1beta`, `/responses`, `/v2/chat`); everything else is `openai-compatible`. Kinds with a public address need no `base_url`.

| Kind | Other names | Public address | Speaks itself | Meaning |
|---|---|---|---|---|
";

const DIALECTS: [(ClientDialect, &str); 5] = [
    (ClientDialect::Chat, "chat"),
    (ClientDialect::Completions, "completions"),
    (ClientDialect::Responses, "responses"),
    (ClientDialect::Messages, "messages"),
    (ClientDialect::Gemini, "gemini"),
];

/// The section on kinds.
pub(super) fn table() -> String {
    ProviderKind::all().map(row).fold(HEAD.to_owned(), |table, row| table + &row)
}

fn row(kind: ProviderKind) -> String {
    let spoken = DIALECTS.iter().filter(|(dialect, _)| kind.dialects().contains(*dialect));
    let spoken: Vec<&str> = spoken.map(|(_, name)| *name).collect();
    let aliases: Vec<String> = kind.aliases().iter().map(|name| format!("`{name}`")).collect();
    let (aliases, spoken, about) = (aliases.join(", "), spoken.join(", "), kind.about());
    let address = kind.base_url().map_or_else(String::new, |url| format!("`{url}`"));
    format!("| `{kind}` | {aliases} | {address} | {spoken} | {about} |\n")
}
