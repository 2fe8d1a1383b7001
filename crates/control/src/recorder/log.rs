//! One event for each request.

use roundhouse_domain::{Outcome, RequestRecord};

pub(super) fn write(record: &RequestRecord) {
    let last = record.attempts.last();
    let provider = last.map_or("", |attempt| &attempt.provider);
    let error = record.error.as_deref().unwrap_or_default();
    macro_rules! event {
        ($level:ident) => {
            tracing::$level!(
                request_id = %record.id,
                access_key = %record.access_key,
                operation = %record.operation,
                model = %record.model,
                provider,
                attempts = record.attempts.len(),
                status = record.status,
                outcome = record.outcome.as_str(),
                input_tokens = record.usage.input,
                output_tokens = record.usage.output,
                first_byte_ms = record.first_byte_ms,
                duration_ms = record.duration_ms,
                error,
                "request"
            )
        };
    }
    match record.outcome {
        Outcome::Failed | Outcome::Broken => event!(warn),
        _ => event!(info),
    }
}
