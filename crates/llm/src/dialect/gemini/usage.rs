//! `usageMetadata`, both ways.

use roundhouse_domain::TokenUsage;
use serde_json::{Value, json};

use crate::generation::Usage;
use crate::json::{Scanner, Step};

/// Counts as they were told; what was not is none.
///
/// Source: <https://ai.google.dev/api/generate-content#UsageMetadata>, 2026-11.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    prompt: Option<u64>,
    cached: Option<u64>,
    candidates: Option<u64>,
    thoughts: Option<u64>,
    tool_use: Option<u64>,
    prompt_media: Media,
    answer_media: Media,
}

/// Of a count: sound and images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Media {
    audio: Option<u64>,
    image: Option<u64>,
}

impl Told {
    /// Reads a `usageMetadata`: what it tells replaces what was told before.
    pub(super) fn read(&mut self, scanner: &mut Scanner<'_>) -> Step<()> {
        scanner.fields(|scanner, key| {
            let count = match key.inner() {
                b"promptTokenCount" => &mut self.prompt,
                b"cachedContentTokenCount" => &mut self.cached,
                b"candidatesTokenCount" => &mut self.candidates,
                b"thoughtsTokenCount" => &mut self.thoughts,
                b"toolUsePromptTokenCount" => &mut self.tool_use,
                b"promptTokensDetails" => return self.prompt_media.read(scanner),
                b"candidatesTokensDetails" => return self.answer_media.read(scanner),
                _ => return scanner.skip(),
            };
            *count = scanner.count()?.or(*count);
            Ok(())
        })
    }

    /// What was told comes to; none where nothing was.
    pub(super) fn usage(&self, web_searches: u64) -> Option<Usage> {
        if *self == Self::default() {
            return None;
        }
        let count = Option::unwrap_or_default;
        let (tool_input, reasoning) = (count(self.tool_use), count(self.thoughts));
        let tokens = TokenUsage {
            input: count(self.prompt).saturating_add(tool_input),
            output: count(self.candidates).saturating_add(reasoning),
            cached: count(self.cached),
            reasoning,
            ..TokenUsage::default()
        };
        Some(Usage {
            tokens,
            tool_input,
            audio_input: count(self.prompt_media.audio),
            image_input: count(self.prompt_media.image),
            audio_output: count(self.answer_media.audio),
            image_output: count(self.answer_media.image),
            web_searches,
            ..Usage::default()
        })
    }
}

impl Media {
    fn read(&mut self, scanner: &mut Scanner<'_>) -> Step<()> {
        scanner.elements(|scanner| {
            let (mut modality, mut tokens) = (None, None);
            scanner.fields(|scanner, key| {
                match key.inner() {
                    b"modality" => modality = scanner.text()?,
                    b"tokenCount" => tokens = scanner.count()?,
                    _ => scanner.skip()?,
                }
                Ok(())
            })?;
            match modality.as_deref() {
                Some("AUDIO") => self.audio = tokens,
                Some("IMAGE") => self.image = tokens,
                _ => {}
            }
            Ok(())
        })
    }
}

/// `usage` as `usageMetadata`.
pub(super) fn write(usage: &Usage) -> Value {
    let TokenUsage { input, output, cached, reasoning, .. } = usage.tokens;
    let prompt = input.saturating_sub(usage.tool_input);
    let candidates = output.saturating_sub(reasoning);
    let mut told = json!({
        "promptTokenCount": prompt,
        "candidatesTokenCount": candidates,
        "totalTokenCount": input.saturating_add(output),
    });
    let rare = [
        ("cachedContentTokenCount", cached),
        ("thoughtsTokenCount", reasoning),
        ("toolUsePromptTokenCount", usage.tool_input),
    ];
    for (name, count) in rare.into_iter().filter(|(_, count)| *count > 0) {
        told[name] = count.into();
    }
    if prompt > 0 {
        told["promptTokensDetails"] = details(prompt, usage.audio_input, usage.image_input);
    }
    if usage.audio_output > 0 || usage.image_output > 0 {
        told["candidatesTokensDetails"] = details(candidates, usage.audio_output, usage.image_output);
    }
    told
}

fn details(total: u64, audio: u64, image: u64) -> Value {
    let text = total.saturating_sub(audio.saturating_add(image));
    let parts = [("TEXT", text), ("AUDIO", audio), ("IMAGE", image)];
    let told = parts.into_iter().filter(|(_, count)| *count > 0);
    told.map(|(modality, count)| json!({ "modality": modality, "tokenCount": count })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_again() {
        let told = r#"{"promptTokenCount":105,"candidatesTokenCount":7,"totalTokenCount":124,
            "cachedContentTokenCount":2,"thoughtsTokenCount":11,"toolUsePromptTokenCount":1,
            "promptTokensDetails":[{"modality":"TEXT","tokenCount":5},{"modality":"IMAGE","tokenCount":100}]}"#;
        let mut counts = Told::default();
        counts.read(&mut Scanner::new(told.as_bytes())).unwrap();
        let usage = counts.usage(0).unwrap();
        assert_eq!((usage.tokens.input, usage.tokens.output, usage.image_input), (106, 18, 100));
        assert_eq!(write(&usage), serde_json::from_str::<Value>(told).unwrap());
        assert_eq!(Told::default().usage(0), None);
    }
}
