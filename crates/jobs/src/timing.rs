//! When a schedule is due.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use croner::Cron;
use jiff::tz::TimeZone;
use roundhouse_domain::Timestamp;

/// The shortest interval: schedules are looked at once a second.
const SHORTEST: Duration = Duration::from_secs(1);

/// At which times something is due.
#[derive(Clone, Debug, PartialEq)]
pub enum Timing {
    /// Each time this long after the time before; a second at least.
    Every(Duration),
    /// At the times of a cron text, in UTC.
    Cron(Box<Cron>),
}

/// Why a text says no times.
#[derive(Debug, thiserror::Error)]
#[error("`{text}` is no cron text such as `0 3 * * *` (minute, hour, day, month, weekday): {reason}")]
pub struct TimingError {
    text: String,
    reason: String,
}

impl Timing {
    /// Reads the five fields of cron: minute, hour, day of the month, month, day of the week; in UTC.
    pub fn cron(text: &str) -> Result<Self, TimingError> {
        let wrong = |reason: String| TimingError { text: text.to_owned(), reason };
        let cron = Cron::from_str(text).map_err(|error| wrong(error.to_string()))?;
        // 31 February is a text that parses, and a time that never comes.
        next(&cron, Timestamp::default())
            .ok_or_else(|| wrong("it names a time that never comes".to_owned()))?;
        Ok(Self::Cron(Box::new(cron)))
    }

    /// The first time that something new is due.
    pub(crate) fn first(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::Every(_) => now,
            Self::Cron(cron) => next(cron, now).unwrap_or(Timestamp::from_millis(i64::MAX)),
        }
    }

    /// The time after `due`, which has come. Times that were missed are not made up for: the next one lies ahead.
    pub(crate) fn after(&self, due: Timestamp, now: Timestamp) -> Timestamp {
        match self {
            Self::Every(interval) => {
                let interval = (*interval).max(SHORTEST);
                let steady = due.plus(interval);
                if steady > now { steady } else { now.plus(interval) }
            }
            Self::Cron(cron) => next(cron, now.max(due)).unwrap_or(Timestamp::from_millis(i64::MAX)),
        }
    }
}

impl fmt::Display for Timing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every(interval) => write!(f, "every {}ms", interval.as_millis()),
            Self::Cron(cron) => write!(f, "cron {}", cron.as_str()),
        }
    }
}

fn next(cron: &Cron, after: Timestamp) -> Option<Timestamp> {
    let after = jiff::Timestamp::from_millisecond(after.as_millis()).ok()?.to_zoned(TimeZone::UTC);
    let found = cron.find_next_occurrence(&after, false).ok()?;
    Some(Timestamp::from_millis(found.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn cron_texts_name_times_in_utc() {
        let timing = Timing::cron("30 3 * * MON").unwrap();
        assert_eq!(timing.first(time("2026-11-30T03:30:00Z")), time("2026-12-07T03:30:00Z"));
        assert_eq!(timing.first(time("2026-11-30T03:29:59Z")), time("2026-11-30T03:30:00Z"));
    }

    #[test]
    fn wrong_cron_texts_are_refused() {
        for text in ["", "every day", "61 * * * *", "0 0 31 2 *", "* * * *"] {
            let error = Timing::cron(text).unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{text}` is no cron text")), "{error}");
        }
    }

    #[test]
    fn intervals_keep_their_pace_and_skip_what_was_missed() {
        let timing = Timing::Every(Duration::from_secs(10));
        let at = Timestamp::from_millis;
        assert_eq!(timing.first(at(5)), at(5));
        assert_eq!(timing.after(at(5), at(700)), at(10_005));
        assert_eq!(timing.after(at(5), at(95_000)), at(105_000));
    }
}
