//! Spans of requests, for those who collect traces; nothing is made when nobody does.

use http::HeaderMap;
use opentelemetry::propagation::Extractor;
use roundhouse_domain::RequestId;
use roundhouse_gateway::Ask;
use tracing::{Span, field};
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// The span of a request, below the caller's own where its `traceparent` names one (W3C Trace Context).
pub fn request(ask: &Ask, headers: &HeaderMap, id: RequestId) -> Span {
    let span = tracing::info_span!(
        target: "trace",
        "request",
        otel.kind = "server",
        otel.name = ask.name(),
        request_id = %id,
        outcome = field::Empty,
        http.response.status_code = field::Empty,
    );
    if !span.is_disabled() {
        let caller = opentelemetry::global::get_text_map_propagator(|propagator| {
            propagator.extract(&Headers(headers))
        });
        if let Err(error) = span.set_parent(caller) {
            tracing::debug!(%error, "a request's trace has no parent");
        }
    }
    span
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}
