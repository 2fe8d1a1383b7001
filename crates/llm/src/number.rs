//! Numbers of JSON that are whole, however they are spelled: doubles, and text where servers write counts so.

use serde_json::Value;

/// Below it a double holds every whole number exactly (IEEE 754: 2^53).
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The whole number that `number` is; none where it has a fraction or is too large to be exact.
pub(crate) fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0).then(|| floor(number)).flatten()
}

/// A count: whole, or a double without its fraction, or either as text; none where it is negative or no number.
pub(crate) fn count(value: &Value) -> Option<u64> {
    let of_double = |number: f64| floor(number).and_then(|count| u64::try_from(count).ok());
    let of_text = |text: &str| text.parse().ok().or_else(|| of_double(text.parse().ok()?));
    value.as_u64().or_else(|| value.as_f64().and_then(of_double)).or_else(|| of_text(value.as_str()?))
}

/// `number` as it is written where some servers mind `1.0`: without a fraction that says nothing.
pub(crate) fn plain(number: f64) -> Value {
    whole(number).map_or_else(|| number.into(), Value::from)
}

/// `number` without its fraction; none where it is too large to be exact.
pub(crate) fn floor(number: f64) -> Option<i64> {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the one place where doubles become whole: bounds are checked"
    )]
    (number.abs() < EXACT).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whole_numbers_are_told_from_others_and_kept_exactly() {
        for (number, expected) in
            [(1.0, Some(1)), (-3.0, Some(-3)), (0.5, None), (1e300, None), (f64::NAN, None)]
        {
            assert_eq!(whole(number), expected, "{number}");
        }
        assert_eq!(plain(2.0).to_string(), "2");
        assert_eq!(plain(0.7).to_string(), "0.7");
    }

    #[test]
    fn counts_are_read_however_servers_spell_them() {
        for (value, expected) in [
            (json!(7), Some(7)),
            (json!(u64::MAX), Some(u64::MAX)),
            (json!(7.9), Some(7)),
            (json!("7"), Some(7)),
            (json!("7.0"), Some(7)),
            (json!(-1), None),
            (json!(-1.5), None),
            (json!("x"), None),
            (json!(null), None),
        ] {
            assert_eq!(count(&value), expected, "{value}");
        }
    }
}
