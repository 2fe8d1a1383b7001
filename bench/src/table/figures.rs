//! Figures as people read them.

/// The middle, the lowest and the highest of some values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    /// The middle one.
    pub(crate) median: f64,
    low: f64,
    high: f64,
}

impl Spread {
    /// That of `values`, if there are any.
    pub(crate) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (low, high) = (*values.first()?, *values.last()?);
        let (lower, upper) = (values[(values.len() - 1) / 2], values[values.len() / 2]);
        Some(Self { median: f64::midpoint(lower, upper), low, high })
    }

    /// The middle value, and the others where they differ.
    pub(crate) fn text(self, unit: Unit) -> String {
        let (median, low, high) = (unit.text(self.median), unit.number(self.low), unit.number(self.high));
        if low == high { median } else { format!("{median} ({low} – {high})") }
    }
}

/// How a value is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unit {
    /// Microseconds.
    Micros,
    /// Milliseconds.
    Millis,
    /// Megabytes of 10^6 bytes, from bytes.
    Megabytes,
    /// A number of something.
    Count,
    /// A share, in percent.
    Share,
}

impl Unit {
    /// A value with its unit.
    pub(crate) fn text(self, value: f64) -> String {
        let unit = match self {
            Self::Micros => " µs",
            Self::Millis => " ms",
            Self::Megabytes => " MB",
            Self::Count => "",
            Self::Share => " %",
        };
        self.number(value) + unit
    }

    fn number(self, value: f64) -> String {
        let value = match self {
            Self::Megabytes => value / 1e6,
            Self::Share => value * 100.0,
            _ => value,
        };
        match self {
            Self::Count => thousands(value),
            Self::Share => format!("{value:.0}"),
            _ if value.abs() < 100.0 => format!("{value:.1}"),
            _ => thousands(value),
        }
    }
}

fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let (sign, digits) = digits.split_at(usize::from(digits.starts_with('-')));
    let mut text = String::from(sign);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        assert_eq!(Unit::Count.text(1_234_567.4), "1,234,567");
        assert_eq!(Unit::Megabytes.text(36_400_000.0), "36.4 MB");
        assert_eq!(Unit::Micros.text(-7.25), "-7.2 µs");
        assert_eq!(Unit::Count.text(-1_000.0), "-1,000");
    }
}
