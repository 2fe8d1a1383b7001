//! When a failed job is tried again.

use std::time::Duration;

use crate::settings::Settings;

/// The pause after a job was begun `attempts` times: doubled each time, up to the longest, and then up to a quarter
/// shorter, so that what failed together does not come back together.
pub(crate) fn pause(settings: &Settings, attempts: u32, random: f64) -> Duration {
    let doublings = attempts.saturating_sub(1).min(30);
    let whole = settings.first_retry.saturating_mul(1 << doublings).min(settings.longest_retry);
    whole.mul_f64(1.0 - random.clamp(0.0, 1.0) / 4.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let settings = Settings {
            first_retry: Duration::from_secs(1),
            longest_retry: Duration::from_secs(6),
            ..Settings::default()
        };
        let pauses = [1, 2, 3, 4, 1_000].map(|attempts| pause(&settings, attempts, 0.0).as_secs());
        assert_eq!(pauses, [1, 2, 4, 6, 6]);
    }

    #[test]
    fn chance_shortens_a_pause_by_a_quarter_at_the_most() {
        let settings = Settings { first_retry: Duration::from_secs(4), ..Settings::default() };
        assert_eq!(pause(&settings, 1, 1.0), Duration::from_secs(3));
        assert_eq!(pause(&settings, 1, 0.5), Duration::from_millis(3_500));
    }
}
