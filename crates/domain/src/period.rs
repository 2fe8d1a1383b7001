//! Days and months of UTC: the periods that budgets are for.

use jiff::civil::Date;

use crate::time::Timestamp;

/// Milliseconds of a day; UTC as computers count it has no other days.
const DAY_MS: i64 = 86_400_000;

/// A day of UTC, by its distance from 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// A calendar month of UTC, by its distance from January of the year 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

impl Day {
    /// The day that `time` lies in.
    pub fn of(time: Timestamp) -> Self {
        Self(i32::try_from(time.as_millis().div_euclid(DAY_MS)).unwrap_or(i32::MAX))
    }

    /// When it begins.
    pub fn start(self) -> Timestamp {
        Timestamp::from_millis(i64::from(self.0) * DAY_MS)
    }

    /// The day after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The day so many days before.
    #[must_use]
    pub const fn before(self, days: i32) -> Self {
        Self(self.0.saturating_sub(days))
    }

    /// The month it lies in.
    pub fn month(self) -> Month {
        let time = jiff::Timestamp::from_millisecond(self.start().as_millis());
        let date = time.map(|time| jiff::tz::TimeZone::UTC.to_datetime(time).date()).unwrap_or_default();
        Month(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }
}

impl Month {
    /// The month that `time` lies in.
    pub fn of(time: Timestamp) -> Self {
        Day::of(time).month()
    }

    /// Its first day.
    pub fn first_day(self) -> Day {
        let year = i16::try_from(self.0.div_euclid(12)).unwrap_or(i16::MAX);
        let month = i8::try_from(self.0.rem_euclid(12)).unwrap_or(0) + 1;
        let date = Date::new(year, month, 1).unwrap_or_default();
        let start = jiff::tz::TimeZone::UTC.to_timestamp(date.to_datetime(jiff::civil::Time::midnight()));
        Day::of(start.map_or(Timestamp::default(), |time| Timestamp::from_millis(time.as_millisecond())))
    }

    /// The month after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn days_and_months_begin_at_midnight_of_utc() {
        for (moment, day, month, next_month) in [
            ("2026-11-30T23:59:59.999Z", "2026-11-30", "2026-11-01", "2026-12-01"),
            ("2026-12-01T00:00:00Z", "2026-12-01", "2026-12-01", "2027-01-01"),
            ("2026-12-31T12:00:00+14:00", "2026-12-30", "2026-12-01", "2027-01-01"),
            ("2028-02-29T00:00:00Z", "2028-02-29", "2028-02-01", "2028-03-01"),
            ("1969-12-31T23:00:00Z", "1969-12-31", "1969-12-01", "1970-01-01"),
        ] {
            assert_eq!(Day::of(time(moment)).start(), time(day), "{moment}");
            assert_eq!(Month::of(time(moment)).first_day().start(), time(month), "{moment}");
            assert_eq!(Month::of(time(moment)).next().first_day().start(), time(next_month), "{moment}");
        }
        assert_eq!(Day::of(time("2026-11-30")).next().start(), time("2026-12-01"));
    }
}
