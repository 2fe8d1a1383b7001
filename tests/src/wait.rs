//! Waiting for what happens behind a request.

use std::time::Duration;

use tokio::time::Instant;

/// Far beyond what anything takes on a loaded machine: who waits longer waits for nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Looks again and again until there is something to see; fails the test when there never is.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(Instant::now() < end, "in vain: {what}");
        tokio::time::sleep(PAUSE).await;
    }
}
