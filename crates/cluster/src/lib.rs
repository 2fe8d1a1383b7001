//! What replicas share, in Redis: limits, key states, idempotency, cached answers.
