//! Places in a text: Google counts bytes, everyone else characters.

/// How many characters lie between two marks.
const STEP: usize = 1_024;

/// Finds characters by bytes and bytes by characters, without going over all of the text each time.
pub(super) struct Chars<'a> {
    text: &'a str,
    /// Where each `STEP`th character begins; empty where each is one byte.
    marks: Vec<usize>,
}

impl<'a> Chars<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let marks = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(STEP).map(|(at, _)| at).collect()
        };
        Self { text, marks }
    }

    /// The text.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// How many characters stand before a byte; none where no character begins there.
    pub(super) fn of_byte(&self, byte: usize) -> Option<usize> {
        if !self.text.is_char_boundary(byte) {
            return None;
        }
        let after = self.marks.partition_point(|mark| *mark <= byte);
        let Some(mark) = after.checked_sub(1) else { return Some(byte) };
        Some(mark * STEP + self.text[self.marks[mark]..byte].chars().count())
    }

    /// Where a character begins, or the text ends.
    pub(super) fn to_byte(&self, char: usize) -> usize {
        if self.marks.is_empty() {
            return char.min(self.text.len());
        }
        let Some(&mark) = self.marks.get(char / STEP) else { return self.text.len() };
        let rest = self.text[mark..].char_indices().nth(char % STEP);
        rest.map_or(self.text.len(), |(at, _)| mark + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_characters_are_found_both_ways() {
        for text in ["plain".to_owned(), "aé漢🦀".repeat(2_000), String::new()] {
            let chars = Chars::new(&text);
            for (char, (byte, _)) in text.char_indices().enumerate().step_by(97) {
                assert_eq!((chars.of_byte(byte), chars.to_byte(char)), (Some(char), byte));
            }
            assert_eq!(chars.to_byte(usize::MAX), text.len());
            assert_eq!(chars.of_byte(text.len() + 1), None);
        }
        assert_eq!(Chars::new("é").of_byte(1), None);
    }
}
