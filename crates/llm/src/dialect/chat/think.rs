//! Thoughts that stand in the text of an answer, between `<think>` and `</think>`.
//!
//! Source: <https://platform.minimax.io/docs/api-reference/text-openai-api>, 2026-11.

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// The most bytes of blanks before a tag.
const MOST_HELD: usize = 64;

/// Parts a streamed text into thought and answer, wherever it is cut.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    place: Place,
    /// The start of a tag, or blanks before one.
    held: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Before,
    /// Behind the opening tag, where line ends are not yet the thought's.
    Opened,
    Thought,
    /// Behind the thought, where blanks are not yet the answer's.
    Behind,
    Answer,
}

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Thinking.
    Thought(String),
    /// The answer.
    Answer(String),
}

impl Splitter {
    /// Takes more text.
    pub(crate) fn push(&mut self, text: &str, out: &mut Vec<Piece>) {
        if self.place == Place::Answer {
            out.push(Piece::Answer(text.to_owned()));
            return;
        }
        self.held.push_str(text);
        while self.step(out) {}
    }

    /// Gives what was held back, since nothing follows.
    pub(crate) fn finish(&mut self, out: &mut Vec<Piece>) {
        let held = std::mem::take(&mut self.held);
        if held.is_empty() {
            return;
        }
        out.push(match self.place {
            Place::Thought => Piece::Thought(held),
            _ => Piece::Answer(held),
        });
    }

    /// Goes one place on where it can.
    fn step(&mut self, out: &mut Vec<Piece>) -> bool {
        match self.place {
            Place::Before => {
                let begun = self.held.trim_start();
                if let Some(rest) = begun.strip_prefix(OPEN) {
                    self.held = rest.to_owned();
                    self.place = Place::Opened;
                    return true;
                }
                if self.held.len() > MOST_HELD || !OPEN.starts_with(begun) {
                    self.answer(out);
                }
                false
            }
            Place::Opened => {
                self.held = self.held.trim_start_matches('\n').to_owned();
                if self.held.is_empty() {
                    return false;
                }
                self.place = Place::Thought;
                true
            }
            Place::Thought => self.think(out),
            Place::Behind => {
                let blanks = self.held.len() - self.held.trim_start().len();
                self.held.drain(..blanks);
                if !self.held.is_empty() {
                    self.answer(out);
                }
                false
            }
            Place::Answer => false,
        }
    }

    fn think(&mut self, out: &mut Vec<Piece>) -> bool {
        let found = self.held.find(CLOSE);
        let end = found.unwrap_or_else(|| self.held.len() - partial(&self.held));
        let rest = self.held.split_off(found.map_or(end, |at| at + CLOSE.len()));
        self.held.truncate(end);
        let thought = std::mem::replace(&mut self.held, rest);
        if !thought.is_empty() {
            out.push(Piece::Thought(thought));
        }
        if found.is_some() {
            self.place = Place::Behind;
        }
        found.is_some()
    }

    fn answer(&mut self, out: &mut Vec<Piece>) {
        self.place = Place::Answer;
        out.push(Piece::Answer(std::mem::take(&mut self.held)));
    }
}

/// How many bytes at the end may be the start of the closing tag.
fn partial(text: &str) -> usize {
    (1..CLOSE.len()).rev().find(|&length| text.ends_with(&CLOSE[..length])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(pieces: &[&str]) -> (String, String) {
        let (mut splitter, mut out) = (Splitter::default(), Vec::new());
        for piece in pieces {
            splitter.push(piece, &mut out);
        }
        splitter.finish(&mut out);
        let (mut thought, mut answer) = (String::new(), String::new());
        for piece in out {
            match piece {
                Piece::Thought(text) => thought.push_str(&text),
                Piece::Answer(text) => answer.push_str(&text),
            }
        }
        (thought, answer)
    }

    #[test]
    fn thought_and_answer_are_parted_wherever_the_text_is_cut() {
        for (text, thought, answer) in [
            ("\n<think>\na <b> </th\n</think>\n\nyes <think>", "a <b> </th\n", "yes <think>"),
            ("no thought <think>x</think>", "", "no thought <think>x</think>"),
            ("<think>cut off </thi", "cut off </thi", ""),
            ("<thin", "", "<thin"),
            ("", "", ""),
        ] {
            let wanted = (thought.to_owned(), answer.to_owned());
            assert_eq!(split(&[text]), wanted);
            for at in 0..=text.len() {
                assert_eq!(split(&[&text[..at], &text[at..]]), wanted, "{text:?} at {at}");
            }
            let letters: Vec<_> = text.split("").collect();
            assert_eq!(split(&letters), wanted);
        }
    }
}
