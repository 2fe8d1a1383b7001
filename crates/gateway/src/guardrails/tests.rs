//! Patterns, on whole texts and on streams cut anywhere.

use bytes::Bytes;
use proptest::prelude::*;
use roundhouse_domain::spec::PatternAction;
use roundhouse_llm::Operation;
use serde_json::{Value, json};

use super::screen::Events;
use super::*;

fn guardrail(patterns: &[(&str, PatternAction)], hold_back: u32) -> Result<Guards, String> {
    let patterns: Vec<Value> =
        patterns.iter().map(|(pattern, action)| json!({ "pattern": pattern, "action": action })).collect();
    let spec: GuardrailSpec =
        serde_json::from_value(json!({ "name": "g", "patterns": patterns, "hold_back_bytes": hold_back }))
            .unwrap();
    let guardrail = Guardrail::compile(&spec, &Tls::default(), &LookupHasher::new([7; 32]))?;
    Ok(Guards(vec![Arc::new(guardrail)]))
}

fn masking(hold_back: u32) -> Guards {
    guardrail(&[(r"\bsk-[a-z0-9]+\b", PatternAction::Mask), (r"\d{4} \d{4}", PatternAction::Mask)], hold_back)
        .unwrap()
}

fn chat(pieces: &[&str]) -> String {
    let mut stream = String::new();
    for piece in pieces {
        let event =
            json!({ "choices": [{ "index": 0, "delta": { "content": piece }, "finish_reason": null }] });
        stream.extend(["data: ", &event.to_string(), "\n\n"]);
    }
    let last = json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] });
    format!("{stream}data: {last}\n\ndata: [DONE]\n\n")
}

fn passed(guards: &Guards, stream: &str, cuts: &[usize]) -> Result<String, Blocked> {
    let mut events = Events::new(guards.clone(), Operation::ChatCompletions);
    let (mut out, mut notes, mut from) = (Vec::new(), Vec::new(), 0);
    for cut in cuts.iter().copied().chain([stream.len()]) {
        let piece = Bytes::copy_from_slice(&stream.as_bytes()[from..cut]);
        from = cut;
        out.extend(events.pass(&[piece], &mut notes)?);
    }
    out.extend(events.finish(&mut notes)?);
    Ok(String::from_utf8(out.concat()).unwrap())
}

fn said(stream: &str) -> String {
    let events = stream.split("\n\n").filter_map(|event| event.strip_prefix("data: "));
    let read = events.filter_map(|data| serde_json::from_str::<Value>(data).ok());
    read.filter_map(|event| Some(event["choices"][0]["delta"]["content"].as_str()?.to_owned())).collect()
}

#[test]
fn matches_are_masked_wherever_a_stream_is_cut_into_pieces() {
    let text = "my key is sk-abc123, my card 1234 5678 and task-sk-x";
    for size in 1..text.len() {
        let pieces: Vec<String> =
            text.as_bytes().chunks(size).map(|piece| String::from_utf8(piece.to_vec()).unwrap()).collect();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        let stream = passed(&masking(20), &chat(&pieces), &[]).unwrap();
        assert_eq!(said(&stream), "my key is ***, my card *** and task-***", "{size}");
        assert!(stream.ends_with("\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"), "{stream}");
    }
}

#[test]
fn wherever_its_bytes_are_cut_a_stream_says_the_same() {
    let stream = chat(&["你好 sk-", "abc ", "1234 ", "5678", " \u{1f600} end"]);
    let whole = passed(&masking(8), &stream, &[]).unwrap();
    assert_eq!(said(&whole), "你好 *** *** \u{1f600} end");
    for cut in 0..stream.len() {
        assert_eq!(passed(&masking(8), &stream, &[cut]).unwrap(), whole, "{cut}");
    }
}

#[test]
fn a_stream_in_which_nothing_is_found_keeps_its_events() {
    let stream = chat(&["nothing ", "to ", "see"]);
    let through = passed(&masking(256), &stream, &[]).unwrap();
    assert_eq!(said(&through), "nothing to see");
    assert_eq!(through.matches("data: ").count(), stream.matches("data: ").count());
}

#[test]
fn a_blocked_text_never_passes_not_even_its_beginning() {
    let guards = guardrail(&[("launch codes?", PatternAction::Block)], 64).unwrap();
    let mut events = Events::new(guards.clone(), Operation::ChatCompletions);
    let mut notes = Vec::new();
    let stream = chat(&["the lau", "nch co", "des are"]);
    let cut = stream.find("des are").unwrap();
    let before = events.pass(&[Bytes::copy_from_slice(&stream.as_bytes()[..cut])], &mut notes).unwrap();
    assert!(!said(&String::from_utf8(before.concat()).unwrap()).contains("lau"));
    assert!(events.pass(&[Bytes::copy_from_slice(&stream.as_bytes()[cut..])], &mut notes).is_err());
    assert!(passed(&guards, &chat(&["lunch"]), &[]).is_ok());
}

#[test]
fn patterns_that_cannot_be_used_are_named() {
    let error = guardrail(&[("a", PatternAction::Mask), ("(", PatternAction::Mask)], 1).unwrap_err();
    assert!(error.starts_with("pattern 1 cannot be used: unclosed group"), "{error}");
    let error = guardrail(&[(r"(\w{1000}){1000}", PatternAction::Mask)], 1).unwrap_err();
    assert!(error.contains("size limit"), "{error}");
    assert!(guardrail(&[], 1).unwrap_err().contains("exactly one of"));
}

proptest! {
    #[test]
    fn streams_are_masked_as_whole_texts_are(pieces in prop::collection::vec("[sk\\-ab1-4 ]{0,6}", 1..20)) {
        let text = pieces.concat();
        let guards = masking(512);
        let Check::Patterns(patterns) = &guards.0[0].check else { unreachable!() };
        let expected = match patterns.look(&text) {
            patterns::Looked::Masked(masked) => masked,
            _ => text,
        };
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        prop_assert_eq!(said(&passed(&guards, &chat(&pieces), &[]).unwrap()), expected);
    }
}
