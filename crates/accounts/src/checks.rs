//! What people may be called, and what passwords are good for something.

use roundhouse_domain::Secret;

use crate::users::UserError;

/// Longest e-mail address (RFC 5321, section 4.5.3.1.3, without the brackets).
const MAX_EMAIL_BYTES: usize = 254;
pub(crate) const MAX_NAME_CHARACTERS: usize = 100;
/// Shortest password (NIST SP 800-63B, revision 3, section 5.1.1.2).
pub(crate) const MIN_PASSWORD_CHARACTERS: usize = 8;
pub(crate) const MAX_PASSWORD_BYTES: usize = 1_024;
/// Tags and names of zones are well below.
const MAX_TAG_BYTES: usize = 64;

pub(crate) fn email(email: &str) -> Result<(), UserError> {
    // Whether an address exists only a message to it can tell; this finds what was typed into the wrong field.
    let parts = email.split_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty());
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';');
    let fits = email.len() <= MAX_EMAIL_BYTES && !email.contains(odd);
    if parts.is_some() && fits { Ok(()) } else { Err(UserError::EmailInvalid) }
}

pub(crate) fn password(password: &Secret) -> Result<(), UserError> {
    let text = password.expose();
    let fits = text.chars().count() >= MIN_PASSWORD_CHARACTERS && text.len() <= MAX_PASSWORD_BYTES;
    if fits { Ok(()) } else { Err(UserError::PasswordInvalid) }
}

/// The name, or what stands before the `@` where there is none.
pub(crate) fn name<'a>(name: &'a str, email: &'a str) -> Result<&'a str, UserError> {
    match name.trim() {
        "" => Ok(email.split('@').next().unwrap_or_default()),
        name if name.chars().count() > MAX_NAME_CHARACTERS || name.chars().any(char::is_control) => {
            Err(UserError::NameInvalid)
        }
        name => Ok(name),
    }
}

/// A language tag (BCP 47) by its form.
pub(crate) fn language(tag: &str) -> Result<(), UserError> {
    let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|c| c.is_ascii_alphanumeric());
    let fits = tag.len() <= MAX_TAG_BYTES && tag.split('-').all(part);
    if fits { Ok(()) } else { Err(UserError::LanguageInvalid) }
}

/// A name of the IANA time zone database by its form.
pub(crate) fn time_zone(name: &str) -> Result<(), UserError> {
    let letter = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'+' | b'-');
    let part = |part: &str| !part.is_empty() && part.bytes().all(letter);
    let fits = name.len() <= MAX_TAG_BYTES && name.split('/').all(part);
    if fits { Ok(()) } else { Err(UserError::TimeZoneInvalid) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_into_the_wrong_field_is_found() {
        for good in ["ada@example.com", "a@b", "ü@example.org"] {
            assert!(email(good).is_ok(), "{good}");
        }
        for bad in ["", "ada", "@example.com", "ada@", "ada lovelace@example.com", "Ada <ada@example.com>"] {
            assert!(email(bad).is_err(), "{bad}");
        }
        for (good, bad) in [("zh-CN", "zh_CN"), ("en", ""), ("de-CH-1996", "no-such-language-")] {
            assert!(language(good).is_ok() && language(bad).is_err(), "{good} {bad}");
        }
        for (good, bad) in [("Asia/Shanghai", "Asia//Shanghai"), ("UTC", "../etc"), ("Etc/GMT+8", "a b")] {
            assert!(time_zone(good).is_ok() && time_zone(bad).is_err(), "{good} {bad}");
        }
    }
}
