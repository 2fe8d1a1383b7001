//! Text in pieces: what a stream sends at once, and what counts as a token.

/// A longer run of letters is more than one piece.
const LONGEST_RUN: usize = 12;

/// Wide characters in one piece.
const WIDE_RUN: usize = 2;

/// The pieces of a text in order; together they are the text.
#[derive(Clone, Debug)]
pub(super) struct Pieces {
    text: String,
    at: usize,
}

impl Iterator for Pieces {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let piece = rest.get(..piece_end(rest))?.to_owned();
        self.at += piece.len();
        Some(piece)
    }
}

/// The pieces of `text`.
pub(super) fn pieces(text: impl Into<String>) -> Pieces {
    Pieces { text: text.into(), at: 0 }
}

/// How many pieces `text` has.
pub(super) fn count(text: &str) -> u64 {
    let (mut rest, mut pieces) = (text, 0);
    while !rest.is_empty() {
        rest = rest.get(piece_end(rest)..).unwrap_or_default();
        pieces += 1;
    }
    pieces
}

/// The first `most` pieces of `text`, and whether that is not all of it.
pub(super) fn first(text: &str, most: u64) -> (&str, bool) {
    let mut end = 0;
    for _ in 0..most {
        let rest = text.get(end..).unwrap_or_default();
        if rest.is_empty() {
            return (text, false);
        }
        end += piece_end(rest);
    }
    (text.get(..end).unwrap_or(text), end < text.len())
}

/// Where the first piece ends: blanks, then a short run of letters or a few wide characters.
fn piece_end(text: &str) -> usize {
    let mut run = 0;
    let mut wide = false;
    for (at, char) in text.char_indices() {
        if char.is_whitespace() && run == 0 {
            continue;
        }
        let longest = if wide { WIDE_RUN } else { LONGEST_RUN };
        let ends = run > 0 && (char.is_whitespace() || is_wide(char) != wide || run >= longest);
        if ends {
            return at;
        }
        wide = is_wide(char);
        run += 1;
    }
    text.len()
}

/// Scripts without blanks between words: Chinese, Japanese, Korean and their punctuation.
fn is_wide(char: char) -> bool {
    matches!(u32::from(char), 0x2E80..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF | 0x20000..=0x3FFFF)
}

/// A Chinese ideograph.
pub(super) fn is_han(char: char) -> bool {
    matches!(u32::from(char), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0x20000..=0x3FFFF)
}

/// Whether `text` is more likely Chinese than anything else.
pub(super) fn is_chinese(text: &str) -> bool {
    let (mut han, mut kana, mut other) = (0_usize, 0_usize, 0_usize);
    for char in text.chars().filter(|char| char.is_alphabetic()) {
        match u32::from(char) {
            0x3040..=0x30FF | 0xAC00..=0xD7AF => kana += 1,
            _ if is_han(char) => han += 1,
            _ => other += 1,
        }
    }
    kana == 0 && han > 0 && han * 4 >= other
}

/// `text` on one line, at most `most` characters.
pub(super) fn shorten(text: &str, most: usize) -> String {
    let mut short = String::new();
    for word in text.split_whitespace() {
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
        if let Some((end, _)) = short.char_indices().nth(most) {
            short.truncate(end);
            short.push('…');
            break;
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_words_and_groups_of_wide_characters() {
        let english: Vec<_> = pieces("Hello  brave world!\n").collect();
        assert_eq!(english, ["Hello", "  brave", " world!", "\n"]);
        let chinese: Vec<_> = pieces("你好，世界 ok").collect();
        assert_eq!(chinese, ["你好", "，世", "界", " ok"]);
    }

    #[test]
    fn the_first_pieces_are_a_prefix() {
        assert_eq!(first("one two three", 2), ("one two", true));
        assert_eq!(first("one two three", 3), ("one two three", false));
        assert_eq!(first("", 1), ("", false));
    }

    #[test]
    fn language_follows_the_script() {
        assert!(is_chinese("请用 Rust 写一个函数"));
        assert!(!is_chinese("Translate 你好 into English, and explain it please"));
        assert!(!is_chinese("日本語のテキスト"));
    }

    proptest::proptest! {
        #[test]
        fn pieces_add_up(text: String) {
            proptest::prop_assert_eq!(pieces(text.as_str()).collect::<String>(), text.as_str());
            proptest::prop_assert_eq!(pieces(text.as_str()).count() as u64, count(&text));
        }
    }
}
