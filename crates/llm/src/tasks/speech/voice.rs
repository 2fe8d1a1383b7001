//! Voices of one provider by those of another.

use crate::generation::Losses;

/// A voice of `OpenAI`'s, and those that come near it elsewhere.
///
/// Sources: <https://platform.openai.com/docs/guides/text-to-speech#voice-options>,
/// <https://ai.google.dev/gemini-api/docs/speech-generation#voices>,
/// <https://platform.minimax.io/docs/faq/system-voice-id>; 2026-11. That they come near is our own judgement.
struct Voice {
    openai: &'static str,
    gemini: &'static str,
    minimax: &'static str,
}

const fn voice(openai: &'static str, gemini: &'static str, minimax: &'static str) -> Voice {
    Voice { openai, gemini, minimax }
}

const VOICES: [Voice; 13] = [
    voice("alloy", "Kore", "female-yujie"),
    voice("ash", "Charon", "male-qn-jingying"),
    voice("ballad", "Algieba", "male-qn-qingse"),
    voice("cedar", "Umbriel", "presenter_male"),
    voice("coral", "Sulafat", "female-tianmei"),
    voice("echo", "Iapetus", "male-qn-daxuesheng"),
    voice("fable", "Puck", "male-qn-qingse"),
    voice("marin", "Despina", "presenter_female"),
    voice("nova", "Aoede", "female-shaonv"),
    voice("onyx", "Orus", "male-qn-badao"),
    voice("sage", "Vindemiatrix", "female-chengshu"),
    voice("shimmer", "Leda", "female-shaonv"),
    voice("verse", "Achird", "male-qn-daxuesheng"),
];

/// Gemini's voices.
const GEMINI: [&str; 30] = [
    "Achernar",
    "Achird",
    "Algenib",
    "Algieba",
    "Alnilam",
    "Aoede",
    "Autonoe",
    "Callirrhoe",
    "Charon",
    "Despina",
    "Enceladus",
    "Erinome",
    "Fenrir",
    "Gacrux",
    "Iapetus",
    "Kore",
    "Laomedeia",
    "Leda",
    "Orus",
    "Puck",
    "Pulcherrima",
    "Rasalgethi",
    "Sadachbia",
    "Sadaltager",
    "Schedar",
    "Sulafat",
    "Umbriel",
    "Vindemiatrix",
    "Zephyr",
    "Zubenelgenubi",
];

/// The voice of Gemini's that is meant: its own, in any case of letters, or one that comes near.
pub(super) fn gemini<'a>(name: &'a str, losses: &mut Losses) -> &'a str {
    let own = GEMINI.into_iter().find(|own| own.eq_ignore_ascii_case(name));
    own.unwrap_or_else(|| near(name, |voice| voice.gemini, losses))
}

/// The voice of `MiniMax`' that is meant.
pub(super) fn minimax<'a>(name: &'a str, losses: &mut Losses) -> &'a str {
    near(name, |voice| voice.minimax, losses)
}

/// An unknown name is the provider's own, or its error tells what there is.
fn near<'a>(name: &'a str, of: fn(&Voice) -> &'static str, losses: &mut Losses) -> &'a str {
    let Some(voice) = VOICES.iter().find(|voice| voice.openai == name) else { return name };
    losses.note("voice", format!("the provider's {} speaks", of(voice)));
    of(voice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voices_come_near_or_are_the_providers_own() {
        for (name, meant, is_own) in
            [("alloy", "Kore", false), ("kore", "Kore", true), ("Newest", "Newest", true)]
        {
            let mut losses = Losses::default();
            assert_eq!((gemini(name, &mut losses), losses.is_empty()), (meant, is_own), "{name}");
        }
        assert_eq!(minimax("onyx", &mut Losses::default()), "male-qn-badao");
        assert_eq!(minimax("moss_audio_1", &mut Losses::default()), "moss_audio_1");
        assert!(VOICES.iter().all(|voice| GEMINI.contains(&voice.gemini)));
    }
}
