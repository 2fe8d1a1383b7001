//! Ids that follow from the request, so that the same request gets the same answer.

use super::DemoRequest;

/// What all ids of one answer are made from.
#[derive(Clone, Debug)]
pub(super) struct Seed {
    hash: blake3::Hash,
    created_s: i64,
}

impl Seed {
    pub(super) fn of(request: &DemoRequest<'_>) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in [request.operation.name(), request.model, request.query.unwrap_or_default()] {
            hasher.update(part.as_bytes()).update(&[0]);
        }
        hasher.update(&request.now.as_millis().to_le_bytes()).update(request.body);
        Self { hash: hasher.finalize(), created_s: request.now.as_millis().div_euclid(1_000) }
    }

    /// The `nth` id of a kind.
    pub(super) fn id(&self, prefix: &str, nth: usize) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.hash.as_bytes()).update(prefix.as_bytes()).update(&nth.to_le_bytes());
        let hex = hasher.finalize().to_hex();
        format!("{prefix}{}", hex.get(..24).unwrap_or_default())
    }

    /// The time of the answer in seconds since the epoch.
    pub(super) const fn created_s(&self) -> i64 {
        self.created_s
    }
}
