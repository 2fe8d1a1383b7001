//! Durations as providers write them: `6m0s`, `12ms`, `1h2m3.5s`, `20 seconds`, `1 minute 30 seconds`.

use std::time::Duration;

/// Units, longest name first among those with the same start.
const UNITS: [(&str, f64); 16] = [
    ("milliseconds", 0.001),
    ("millisecond", 0.001),
    ("minutes", 60.0),
    ("minute", 60.0),
    ("min", 60.0),
    ("ms", 0.001),
    ("m", 60.0),
    ("seconds", 1.0),
    ("second", 1.0),
    ("sec", 1.0),
    ("s", 1.0),
    ("hours", 3_600.0),
    ("hour", 3_600.0),
    ("h", 3_600.0),
    ("days", 86_400.0),
    ("d", 86_400.0),
];

/// Reads a text that is a duration and nothing else.
pub(super) fn whole_duration(text: &str) -> Option<Duration> {
    read(text.trim()).filter(|(_, rest)| rest.is_empty()).map(|(duration, _)| duration)
}

/// Reads the duration that a text begins with; a bare number is seconds.
pub(super) fn leading_duration(text: &str) -> Option<Duration> {
    let bare = || number(text).map(|(seconds, _)| seconds);
    read(text).map(|(duration, _)| duration).or_else(|| Duration::try_from_secs_f64(bare()?).ok())
}

fn read(text: &str) -> Option<(Duration, &str)> {
    let (mut seconds, mut rest) = part(text)?;
    while let Some((more, after)) = part(rest.trim_start_matches([' ', ','])) {
        seconds += more;
        rest = after;
    }
    Some((Duration::try_from_secs_f64(seconds).ok()?, rest))
}

fn part(text: &str) -> Option<(f64, &str)> {
    let (number, rest) = number(text)?;
    let rest = rest.trim_start_matches(' ');
    let (name, scale) = UNITS.iter().find(|(name, _)| rest.starts_with(name))?;
    Some((number * scale, &rest[name.len()..]))
}

fn number(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    // A full stop may end the sentence instead of going on with the number.
    let digits = text[..end].trim_end_matches('.');
    Some((digits.parse().ok()?, &text[digits.len()..]))
}
