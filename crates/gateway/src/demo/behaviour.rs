//! What the model's name and the directives in the prompt ask for.

use std::time::Duration;

const SLOW_MS: u64 = 2_000;
const LONG_TOKENS: usize = 1_000;
const FAULT_AFTER_TOKENS: usize = 3;

/// How fast a slow answer comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    pub first: Duration,
    pub each: Duration,
}

/// How an answer fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Silent,
    Status(u16),
    InOk,
    InStream(usize),
    Cut(usize),
}

/// Everything that was asked for; the model's name first, then the prompt's directives, a later one winning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a behaviour of its own, in any combination")]
pub(super) struct Behaviour {
    pub pace: Option<Pace>,
    pub fault: Option<Fault>,
    pub long: Option<usize>,
    pub tools: Option<usize>,
    pub thinking: bool,
    pub json: bool,
    pub empty: bool,
    pub flag: bool,
}

impl Behaviour {
    pub(super) fn read(model: &str, prompt: &str) -> Self {
        let mut behaviour = Self::default();
        let mut suffix = model.rsplit('/').next().unwrap_or(model).strip_prefix("demo-").unwrap_or_default();
        while !suffix.is_empty() {
            suffix = behaviour.take(suffix);
        }
        for directive in directives(prompt) {
            behaviour.take(directive);
        }
        behaviour
    }

    /// Takes one word with its argument off `text`, and says what is left of it.
    fn take<'a>(&mut self, text: &'a str) -> &'a str {
        let end = text.find(['-', ':']).unwrap_or(text.len());
        let long = ["error-in-stream", "error-in-200"].into_iter().find(|name| text.starts_with(name));
        let (name, rest) = text.split_at(long.map_or(end, str::len));
        let rest = rest.trim_start_matches(['-', ':']);
        let digits = rest.find(|char: char| !char.is_ascii_digit()).unwrap_or(rest.len());
        let (number, left) = rest.split_at(digits);
        self.apply(name.trim(), number.parse().ok());
        left.trim_start_matches(['-', ':'])
    }

    fn apply(&mut self, name: &str, number: Option<usize>) {
        match name {
            "slow" => self.pace = Some(pace(number)),
            "long" => self.long = Some(number.unwrap_or(LONG_TOKENS)),
            "tool" => self.tools = Some(number.unwrap_or(1).max(1)),
            "thinking" => self.thinking = true,
            "json" => self.json = true,
            "empty" => self.empty = true,
            "flag" => self.flag = true,
            "silent" => self.fault = Some(Fault::Silent),
            "error" => self.fault = Some(Fault::Status(status(number))),
            "error-in-200" => self.fault = Some(Fault::InOk),
            "error-in-stream" => self.fault = Some(Fault::InStream(number.unwrap_or(FAULT_AFTER_TOKENS))),
            "cut" => self.fault = Some(Fault::Cut(number.unwrap_or(FAULT_AFTER_TOKENS))),
            _ => {}
        }
    }
}

fn pace(first_ms: Option<usize>) -> Pace {
    let first_ms = first_ms.and_then(|ms| u64::try_from(ms).ok()).unwrap_or(SLOW_MS);
    Pace { first: Duration::from_millis(first_ms), each: Duration::from_millis(first_ms / 10) }
}

fn status(number: Option<usize>) -> u16 {
    number
        .and_then(|number| u16::try_from(number).ok())
        .filter(|status| (400..=599).contains(status))
        .unwrap_or(500)
}

/// What stands between double square brackets.
fn directives(prompt: &str) -> impl Iterator<Item = &str> {
    prompt.split("[[").skip(1).filter_map(|rest| rest.split_once("]]").map(|(inside, _)| inside))
}

/// `prompt` without its directives, for the echo.
pub(super) fn without_directives(prompt: &str) -> String {
    let mut parts = prompt.split("[[");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(part.split_once("]]").map_or(part, |(_, rest)| rest));
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_models_suffix_chooses() {
        assert_eq!(Behaviour::read("demo", "hi"), Behaviour::default());
        assert_eq!(Behaviour::read("demo-error-429", "").fault, Some(Fault::Status(429)));
        assert_eq!(Behaviour::read("demo-error", "").fault, Some(Fault::Status(500)));
        assert_eq!(Behaviour::read("demo-error-in-200", "").fault, Some(Fault::InOk));
        assert_eq!(Behaviour::read("demo-error-in-stream-7", "").fault, Some(Fault::InStream(7)));
        assert_eq!(Behaviour::read("demo-silent", "").fault, Some(Fault::Silent));
        assert_eq!(Behaviour::read("demo/demo-long-20", "").long, Some(20));
        let both = Behaviour::read("demo-slow-tool", "");
        assert_eq!((both.pace, both.tools), (Some(pace(None)), Some(1)));
    }

    #[test]
    fn directives_in_the_prompt_choose() {
        let behaviour = Behaviour::read("demo", "Please [[slow:50]] and [[long:500]], then [[cut:4]].");
        assert_eq!(behaviour.pace.map(|pace| pace.each), Some(Duration::from_millis(5)));
        assert_eq!((behaviour.long, behaviour.fault), (Some(500), Some(Fault::Cut(4))));
    }

    #[test]
    fn a_directive_wins_over_the_models_name() {
        assert_eq!(Behaviour::read("demo-error-401", "[[error:503]]").fault, Some(Fault::Status(503)));
    }

    #[test]
    fn nonsense_is_no_behaviour() {
        for (model, prompt) in
            [("demo-nonsense", ""), ("other-slow", ""), ("demo-", "[[what]] [[slow"), ("-", "[[]]")]
        {
            assert_eq!(Behaviour::read(model, prompt), Behaviour::default(), "{model} {prompt}");
        }
    }

    #[test]
    fn the_echo_has_no_directives() {
        assert_eq!(without_directives("[[long:5]] What [[x]]is that?"), "What is that?");
    }
}
