//! Answers in another dialect than the one that was asked for: relays give the one of whoever served them.

use bytes::Bytes;
use http::response::Parts;

use super::{Got, judge_converted, read_stream};
use crate::call::Prepared;
use crate::failure::Sign;
use crate::stream::{Events, Reading};
use crate::upstream::UpstreamBody;

/// What was found, or, where that is in another dialect than the one that was asked for, what it says in the caller's.
pub(super) async fn recognised(call: &Prepared, got: Got) -> Got {
    match got {
        Got::Streaming(parts, held, body, Some(events)) if matches!(events.reading, Reading::Native(_)) => {
            stream(call, parts, held, body, events).await
        }
        Got::Failed(failed) if matches!(failed.sign, Sign::Empty | Sign::CutShort) => {
            let found = failed.answer.as_ref();
            let conversion = found.and_then(|(_, bytes)| call.foreign([&bytes[..]]));
            match (conversion, found) {
                (Some(conversion), Some((parts, bytes))) => {
                    judge_converted(&conversion, parts.clone(), bytes).told_by(&conversion, call)
                }
                _ => Got::Failed(failed),
            }
        }
        got => got,
    }
}

async fn stream(call: &Prepared, parts: Parts, held: Vec<Bytes>, body: UpstreamBody, events: Events) -> Got {
    let Some(conversion) = call.foreign(held.iter().map(|piece| &piece[..])) else {
        return Got::Streaming(parts, held, body, Some(events));
    };
    let mut reading = conversion.reading();
    let converted = held.into_iter().map(|piece| reading.push(piece)).collect();
    let form = (events.operation, call.is_event_stream());
    read_stream(parts, body, reading, form, converted).await.told_by(&conversion, call)
}
