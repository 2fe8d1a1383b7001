//! How many tokens a body may come to, in the time that it takes to look at it once: for reservations, which what is really
//! used replaces soon. `convert` counts better, and takes longer.

/// ASCII characters of a token: of JSON, English and code alike, 3 to 5.
const ASCII_BYTES: u64 = 4;

/// Bytes of other characters of a token: three bytes are a Chinese character, of which a token has one to two; two are a
/// Cyrillic one, of which it has two to four.
const OTHER_BYTES: u64 = 4;

/// A string this long without a space is a file, written in base64.
const FILE_BYTES: usize = 4_096;

/// What a file counts for: an image of a megapixel is 765 to 1,398 tokens, see `convert::count`.
const FILE_TOKENS: u64 = 1_500;

/// Tokens of a JSON body, roughly.
pub fn tokens(body: &[u8]) -> u64 {
    if body.len() < FILE_BYTES {
        return of_text(body);
    }
    let mut sum = 0;
    let mut start = 0;
    for quote in memchr::memchr_iter(b'"', body).chain([body.len()]) {
        let piece = &body[start..quote];
        sum += match piece.get(..FILE_BYTES) {
            Some(head) if memchr::memchr2(b' ', b'\n', head).is_none() && head.is_ascii() => FILE_TOKENS,
            _ => of_text(piece),
        };
        start = (quote + 1).min(body.len());
    }
    sum
}

fn of_text(text: &[u8]) -> u64 {
    let other = text.iter().filter(|byte| !byte.is_ascii()).count() as u64;
    (text.len() as u64 - other).div_ceil(ASCII_BYTES) + other.div_ceil(OTHER_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_counts_by_its_length_and_files_by_their_number() {
        let words = "four score and seven years ago ".repeat(500);
        let body = |image: &str| {
            format!(r#"{{"messages":[{{"text":"{words}","url":"data:image/png;base64,{image}"}}]}}"#)
        };
        let small = tokens(body("").as_bytes());
        let large = tokens(body(&"A1b2".repeat(500_000)).as_bytes());
        assert!((3_700..4_200).contains(&small), "{small}");
        assert!((small + 1_400..small + 1_600).contains(&large), "{large} after {small}");
    }

    #[test]
    fn chinese_counts_about_a_token_for_a_character() {
        let text = "敏捷的棕色狐狸跳过了懒狗".repeat(100);
        let count = tokens(text.as_bytes());
        assert!((700..1_300).contains(&count), "{count} for 1,200 characters");
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(tokens(b""), 0);
    }
}
