//! Header values with parameters (RFC 9110 section 5.6.6).

/// The value of the header `wanted` of a part.
pub(super) fn value<'a>(headers: &'a [u8], wanted: &str) -> Option<&'a str> {
    let headers = std::str::from_utf8(headers).ok()?;
    headers.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim())
    })
}

/// The `name` in the content disposition of a part.
pub(super) fn field_name(headers: &[u8]) -> Option<String> {
    parameter(value(headers, "content-disposition")?, "name")
}

/// The parameter `wanted` of a header value; quotes are taken off.
pub(super) fn parameter(value: &str, wanted: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (name, after) = rest.split_once('=')?;
        let (text, next) = text(after.trim_start());
        // A parameter without a value leaves its name before the next one.
        let name = name.rsplit(';').next().unwrap_or_default().trim();
        if name.eq_ignore_ascii_case(wanted) {
            return Some(text);
        }
        rest = next;
    }
}

fn text(value: &str) -> (String, &str) {
    let Some(quoted) = value.strip_prefix('"') else {
        let (text, rest) = value.split_once(';').unwrap_or((value, ""));
        return (text.trim().to_owned(), rest);
    };
    let mut text = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (text, quoted[at + 1..].trim_start().trim_start_matches(';')),
            '\\' => text.extend(chars.next().map(|(_, escaped)| escaped)),
            _ => text.push(c),
        }
    }
    (text, "")
}
