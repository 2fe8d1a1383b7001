//! What one document says, be it a chunk of a stream or a whole answer: everything borrowed, no type insisted on.
//!
//! Sources: <https://platform.openai.com/docs/api-reference/chat-streaming>; for what others add:
//! <https://api-docs.deepseek.com/guides/thinking_mode> (`reasoning_content`),
//! <https://openrouter.ai/docs/use-cases/reasoning-tokens> (`reasoning`, `reasoning_details`),
//! <https://openrouter.ai/docs/features/multimodal/image-generation> (`images`),
//! <https://docs.mistral.ai/capabilities/reasoning/> (content in parts), <https://console.groq.com/docs/api-reference>
//! (`x_groq`), <https://docs.perplexity.ai/api-reference/chat-completions-post> (`citations`, `search_results`),
//! <https://platform.minimax.io/docs/api-reference/errorcode> (`base_resp`); 2026-11.

mod message;

use std::borrow::Cow;

use crate::json::{Scanner, Step, push};
pub(crate) use message::{Audio, Call, Detail, Message, Piece};

/// Fields of an answer that only OpenAI's dialect and its variants have, and that clients of it may use.
pub(crate) const KEPT: [&str; 7] = [
    "system_fingerprint",
    "service_tier",
    "provider",
    "citations",
    "search_results",
    "related_questions",
    "prompt_filter_results",
];

/// One document.
#[derive(Debug, Default)]
pub(crate) struct Chunk<'a> {
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) model: Option<Cow<'a, str>>,
    pub(crate) created: Option<u64>,
    pub(crate) has_choices: bool,
    pub(crate) choices: Vec<Choice<'a>>,
    /// The counts of tokens, as they stand.
    pub(crate) usage: Option<&'a [u8]>,
    /// What is [`KEPT`], in that order, as it stands.
    pub(crate) kept: [Option<&'a [u8]>; KEPT.len()],
    pub(crate) is_error: bool,
}

/// One alternative, or what is added to it.
#[derive(Debug, Default)]
pub(crate) struct Choice<'a> {
    pub(crate) index: u32,
    pub(crate) message: Message<'a>,
    /// Whether the message is whole, not a piece of it.
    pub(crate) is_whole: bool,
    pub(crate) finish: Option<Cow<'a, str>>,
    /// The stop text that came (vLLM).
    pub(crate) stop: Option<Cow<'a, str>>,
    pub(crate) logprobs: Option<&'a [u8]>,
}

impl<'a> Chunk<'a> {
    /// Reads a document.
    ///
    /// # Errors
    /// When it is not JSON.
    pub(crate) fn read(document: &'a [u8]) -> Step<Self> {
        let mut scanner = Scanner::new(document);
        let mut chunk = Self::default();
        let mut complains = false;
        scanner.fields(|scanner, key| chunk.field(scanner, key.inner(), &mut complains))?;
        scanner.end()?;
        // Some servers tell an error without calling it so.
        chunk.is_error |= complains && !chunk.has_choices;
        Ok(chunk)
    }

    fn field(&mut self, scanner: &mut Scanner<'a>, name: &[u8], complains: &mut bool) -> Step<()> {
        match name {
            b"id" => self.id = filled(scanner.text()?),
            b"model" => self.model = filled(scanner.text()?),
            b"created" => self.created = scanner.count()?,
            b"choices" => {
                self.has_choices = scanner.peek() == Some(b'[');
                scanner.elements(|scanner| self.choice(scanner))?;
            }
            b"usage" => self.usage = present(scanner.raw()?).or(self.usage),
            b"x_groq" => scanner.fields(|scanner, key| {
                match key.inner() {
                    b"usage" => self.usage = self.usage.or(present(scanner.raw()?)),
                    b"error" => self.is_error |= scanner.is_present()?,
                    _ => scanner.skip()?,
                }
                Ok(())
            })?,
            b"error" => self.is_error |= scanner.is_present()?,
            b"base_resp" => scanner.fields(|scanner, key| {
                let raw = scanner.raw()?;
                self.is_error |= key.inner() == b"status_code" && raw != b"0";
                Ok(())
            })?,
            b"message" | b"detail" | b"error_msg" => *complains |= scanner.is_present()?,
            _ => match KEPT.iter().position(|kept| kept.as_bytes() == name) {
                Some(at) => self.kept[at] = present(scanner.raw()?).or(self.kept[at]),
                None => scanner.skip()?,
            },
        }
        Ok(())
    }

    fn choice(&mut self, scanner: &mut Scanner<'a>) -> Step<()> {
        let mut choice = Choice::default();
        scanner.fields(|scanner, key| {
            match key.inner() {
                b"index" => choice.index = u32::try_from(scanner.count()?.unwrap_or(0)).unwrap_or(u32::MAX),
                b"delta" => choice.message.read(scanner)?,
                b"message" => {
                    choice.is_whole = true;
                    choice.message.read(scanner)?;
                }
                b"text" => choice.message.text = scanner.text()?,
                b"finish_reason" => choice.finish = filled(scanner.text()?),
                b"stop_reason" | b"matched_stop" => choice.stop = filled(scanner.text()?),
                b"logprobs" => choice.logprobs = present(scanner.raw()?),
                b"error" => self.is_error |= scanner.is_present()?,
                _ => scanner.skip()?,
            }
            Ok(())
        })?;
        push(&mut self.choices, choice);
        Ok(())
    }
}

/// A text that says something.
pub(crate) fn filled(text: Option<Cow<'_, str>>) -> Option<Cow<'_, str>> {
    text.filter(|text| !text.is_empty())
}

/// A value that is not null.
fn present(raw: &[u8]) -> Option<&[u8]> {
    (raw != b"null").then_some(raw)
}
