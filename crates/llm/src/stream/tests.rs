use proptest::prelude::*;

use super::*;
use crate::Operation;

const CHAT: &str = ": comment\n\n\
    data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}],\"usage\":null}\n\n\
    data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\\"usage\\\" 你\"},\"finish_reason\":null}],\"usage\":null}\n\n\
    data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}\n\n\
    data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7}}\n\n\
    data: [DONE]\n\n";

const RESPONSES: &str = "event: response.created\r\n\
    data: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"status\":\"in_progress\",\"error\":null,\"output\":[]}}\r\n\r\n\
    event: response.output_text.delta\r\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"hi\"}\r\n\r\n\
    event: response.completed\r\n\
    data: {\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"status\":\"completed\",\"error\":null,\
    \"usage\":{\"input_tokens\":3,\"output_tokens\":4,\"output_tokens_details\":{\"reasoning_tokens\":1}}}}\r\n\r\n";

const MESSAGES: &str = "\u{feff}event:message_start\r\
    data:{\"type\":\"message_start\",\"message\":{\"content\":[],\"usage\":{\"input_tokens\":7,\"cache_read_input_tokens\":90,\"output_tokens\":1}}}\r\r\
    event:ping\rdata:{\"type\":\"ping\"}\r\r\
    event:content_block_start\rdata:{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\r\r\
    event:content_block_delta\rdata:{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"hi\"}}\r\r\
    event:message_delta\rdata:{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\rdata:\"usage\":{\"output_tokens\":12}}\r\r\
    event:message_stop\rdata:{\"type\":\"message_stop\"}\r\r";

const GEMINI_ARRAY: &str = "[{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a } \\\\\\\" ] b\"}]}}],\"usageMetadata\":{\"promptTokenCount\":4}}\n,\r\n\
    {\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":4,\"candidatesTokenCount\":6,\"thoughtsTokenCount\":10}}]";

const STREAMS: [(Operation, &str); 4] = [
    (Operation::ChatCompletions, CHAT),
    (Operation::Responses, RESPONSES),
    (Operation::Messages, MESSAGES),
    (Operation::StreamGenerateContent, GEMINI_ARRAY),
];

/// Everything a meter tells, with the phases it went through.
fn watch<'a>(op: Operation, pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Phase>, StreamMeter) {
    let mut meter = StreamMeter::new(op);
    let mut phases = vec![meter.phase()];
    for piece in pieces {
        meter.push(piece);
        phases.push(meter.phase());
    }
    meter.finish();
    phases.push(meter.phase());
    phases.dedup();
    (phases, meter)
}

fn events(op: Operation, data: &[&str]) -> StreamMeter {
    let mut meter = StreamMeter::new(op);
    for data in data {
        meter.push(format!("data: {data}\n\n").as_bytes());
    }
    meter
}

fn assert_same(op: Operation, whole: &StreamMeter, cut: &StreamMeter) {
    assert_eq!(whole.usage(), cut.usage(), "{op:?}");
    assert_eq!(whole.failure(), cut.failure());
    assert_eq!(whole.response_id(), cut.response_id());
}

#[test]
fn whole_streams_are_understood() {
    for ((op, text), (input, output)) in STREAMS.into_iter().zip([(5, 2), (3, 4), (97, 12), (4, 16)]) {
        let (phases, meter) = watch(op, [text.as_bytes()]);
        assert_eq!(phases, [Phase::Silent, Phase::Semantic, Phase::Ended { complete: true }], "{op:?}");
        assert_eq!((meter.usage().input, meter.usage().output), (input, output));
        assert_eq!(meter.failure(), None);
        assert_eq!(meter.response_id(), (op == Operation::Responses).then_some("resp_1"));
    }
}

#[test]
fn cutting_a_stream_anywhere_changes_nothing() {
    for (op, text) in STREAMS {
        let bytes = text.as_bytes();
        let (phases, whole) = watch(op, [bytes]);
        for at in 0..=bytes.len() {
            let (cut_phases, cut) = watch(op, [&bytes[..at], b"", &bytes[at..]]);
            assert_eq!(cut_phases, phases, "{op:?} cut at {at}");
            assert_same(op, &whole, &cut);
        }
        let (byte_phases, bytewise) = watch(op, bytes.chunks(1));
        assert_eq!(byte_phases, phases);
        assert_same(op, &whole, &bytewise);
    }
}

#[test]
fn a_stream_that_stops_early_is_not_complete() {
    for (op, text) in STREAMS {
        let (phases, meter) = watch(op, [&text.as_bytes()[..text.len() / 2]]);
        assert_eq!(phases.last(), Some(&Phase::Ended { complete: false }), "{op:?}");
        assert!(!meter.is_complete());
    }
    assert_eq!(watch(Operation::Messages, []).0.last(), Some(&Phase::Ended { complete: false }));
}

#[test]
fn the_last_event_counts_without_its_blank_line() {
    let meter = watch(Operation::ChatCompletions, [CHAT.trim_end().as_bytes()]).1;
    assert!(meter.is_complete());
}

#[test]
fn events_without_content_are_silent() {
    for (op, data) in [
        (
            Operation::ChatCompletions,
            r#"{"choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":null}]}"#,
        ),
        (
            Operation::ChatCompletions,
            r#"{"choices":[{"delta":{"role":"assistant","content":null,"tool_calls":[],"reasoning":""}}]}"#,
        ),
        (Operation::ChatCompletions, r#"{"choices":[{"delta":{"content":""},"finish_reason":"stop"}]}"#),
        (Operation::ChatCompletions, r#"{"choices":[],"prompt_filter_results":[{"prompt_index":0}]}"#),
        (Operation::ChatCompletions, r#"{"choices":null,"usage":{"prompt_tokens":1}}"#),
        (Operation::ChatCompletions, r#"{"type":"ping"}"#),
        (Operation::ChatCompletions, "[DONE]"),
        (Operation::ChatCompletions, ""),
        (Operation::Completions, r#"{"choices":[{"text":"","index":0,"finish_reason":"stop"}]}"#),
        (Operation::Responses, r#"{"type":"response.in_progress","response":{"status":"in_progress"}}"#),
        (Operation::Responses, r#"{"type":"response.queued","response":{}}"#),
        (Operation::Responses, r#"{"type":"keepalive","sequence_number":3}"#),
        (
            Operation::Responses,
            r#"{"type":"response.completed","response":{"status":"completed","output":[]}}"#,
        ),
        (
            Operation::Messages,
            r#"{"type":"message_start","message":{"id":"m","model":"x","role":"assistant","content":[]}}"#,
        ),
        (
            Operation::Messages,
            r#"{"type":"content_block_start","content_block":{"type":"thinking","thinking":"","signature":""}}"#,
        ),
        (
            Operation::Messages,
            r#"{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null}}"#,
        ),
        (Operation::Messages, r#"{"type":"content_block_stop","index":0}"#),
        (
            Operation::StreamGenerateContent,
            r#"{"candidates":[{"content":{"parts":[{"text":""}],"role":"model"}}]}"#,
        ),
        (Operation::StreamGenerateContent, r#"{"usageMetadata":{"promptTokenCount":1},"modelVersion":"x"}"#),
    ] {
        let meter = events(op, &[data]);
        assert_eq!(meter.phase(), Phase::Silent, "{data}");
        assert_eq!(meter.failure(), None, "{data}");
    }
}

#[test]
fn events_with_something_to_use_are_semantic() {
    for (op, data) in [
        (Operation::ChatCompletions, r#"{"choices":[{"delta":{"content":" "}}]}"#),
        (Operation::ChatCompletions, r#"{"choices":[{"delta":{"content":"\ud83d"}}]}"#),
        (Operation::ChatCompletions, r#"{"choices":[{"delta":{"refusal":"no"}}]}"#),
        (Operation::ChatCompletions, r#"{"choices":[{"delta":{"reasoning_content":"hm"}}]}"#),
        (
            Operation::ChatCompletions,
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":""}}]}}]}"#,
        ),
        (
            Operation::ChatCompletions,
            r#"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"x"}]}]}}]}"#,
        ),
        (Operation::ChatCompletions, r#"{"choices":[{"delta":{"audio":{"transcript":"x"}}}]}"#),
        (Operation::ChatCompletions, r#"{"choices":[{"delta":{"something_new":{"x":"y"}}}]}"#),
        (Operation::ChatCompletions, r#"{"choices":[{"delta":{},"finish_reason":"length"}]}"#),
        (Operation::ChatCompletions, r#"{"something":"else"}"#),
        (Operation::ChatCompletions, "17"),
        (Operation::Completions, r#"{"choices":[{"text":"x"}]}"#),
        (
            Operation::Responses,
            r#"{"type":"response.output_item.added","item":{"type":"message","content":[]}}"#,
        ),
        (Operation::Responses, r#"{"type":"response.incomplete","response":{"status":"incomplete"}}"#),
        (Operation::Responses, r#"{"type":"response.brand_new"}"#),
        (
            Operation::Messages,
            r#"{"type":"content_block_start","content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}"#,
        ),
        (
            Operation::Messages,
            r#"{"type":"content_block_start","content_block":{"type":"redacted_thinking","data":"x"}}"#,
        ),
        (Operation::Messages, r#"{"type":"content_block_start","content_block":{"type":"text","text":"x"}}"#),
        (
            Operation::Messages,
            r#"{"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{"}}"#,
        ),
        (
            Operation::Messages,
            r#"{"type":"content_block_delta","delta":{"type":"brand_new_delta","brand_new":"x"}}"#,
        ),
        (Operation::Messages, r#"{"type":"message_delta","delta":{"stop_reason":"max_tokens"}}"#),
        (Operation::Messages, r#"{"type":"brand_new"}"#),
        (
            Operation::StreamGenerateContent,
            r#"{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"x"}}]}}]}"#,
        ),
        (Operation::StreamGenerateContent, r#"{"candidates":[{"finishReason":"MAX_TOKENS"}]}"#),
        (Operation::StreamGenerateContent, r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#),
        (Operation::ImagesGenerations, r#"{"type":"image_generation.partial_image","b64_json":"x"}"#),
        (Operation::Transcriptions, r#"{"type":"transcript.text.delta","delta":"x"}"#),
    ] {
        assert_eq!(events(op, &[data]).phase(), Phase::Semantic, "{data}");
    }
}

#[test]
fn failures_inside_a_stream_are_told() {
    for (op, data, status, message) in [
        (Operation::ChatCompletions, r#"{"error":{"message":"m","code":429}}"#, Some(429), "m"),
        (
            Operation::ChatCompletions,
            r#"{"error":{"code":502,"message":"m"},"choices":[{"delta":{"content":""},"finish_reason":"error"}]}"#,
            Some(502),
            "m",
        ),
        (
            Operation::ChatCompletions,
            r#"{"base_resp":{"status_code":1002,"status_msg":"m"}}"#,
            Some(429),
            "m",
        ),
        (
            Operation::Responses,
            r#"{"type":"response.failed","response":{"id":"r","error":{"code":"rate_limit_exceeded","message":"m"}}}"#,
            Some(429),
            "m",
        ),
        (
            Operation::Responses,
            r#"{"type":"error","code":"server_error","message":"m","param":null,"sequence_number":1}"#,
            Some(500),
            "m",
        ),
        (
            Operation::Messages,
            r#"{"type":"error","error":{"type":"overloaded_error","message":"m"}}"#,
            Some(529),
            "m",
        ),
        (
            Operation::StreamGenerateContent,
            r#"{"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}"#,
            Some(503),
            "m",
        ),
        (Operation::ChatCompletions, "<html>", None, "an event of the stream is not JSON: <html>"),
    ] {
        let alone = events(op, &[data]);
        let error = alone.failure().unwrap_or_else(|| panic!("{data}"));
        assert_eq!((error.status, error.message.as_str()), (status, message), "{data}");
        if data.starts_with('{') {
            let content = match op {
                Operation::Responses => r#"{"type":"response.output_text.delta","delta":"x"}"#,
                Operation::Messages => r#"{"type":"content_block_delta","delta":{"text":"x"}}"#,
                Operation::StreamGenerateContent => {
                    r#"{"candidates":[{"content":{"parts":[{"text":"x"}]}}]}"#
                }
                _ => r#"{"choices":[{"delta":{"content":"x"}}]}"#,
            };
            let later = events(op, &[content, data]);
            assert!(later.has_content());
            assert_eq!(later.failure(), alone.failure(), "after content: {data}");
        }
    }
}

#[test]
fn coheres_own_events_are_understood() {
    let meter = |data: &[&str]| {
        let mut meter = StreamMeter::new(Wire::Cohere);
        for data in data {
            let kind = data.split('"').nth(3).unwrap_or_default();
            meter.push(format!("event: {kind}\ndata: {data}\n\n").as_bytes());
        }
        meter
    };
    let start = r#"{"type":"message-start","id":"i","delta":{"message":{"role":"assistant","content":[],"tool_plan":""}}}"#;
    let open =
        r#"{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"text","text":""}}}}"#;
    let text = r#"{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"x"}}}}"#;
    let end = r#"{"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"tokens":{"input_tokens":3,"output_tokens":4}}}}"#;
    let failed = r#"{"type":"message-end","delta":{"error":"m","finish_reason":"ERROR"}}"#;
    assert_eq!(meter(&[start, open, end]).phase(), Phase::Silent);
    assert_eq!(
        meter(&[start, r#"{"type":"tool-plan-delta","delta":{"message":{"tool_plan":"I"}}}"#]).phase(),
        Phase::Semantic
    );
    assert_eq!(meter(&[r#"{"type":"brand-new"}"#]).phase(), Phase::Semantic);
    let whole = meter(&[start, open, text, text, end]);
    assert!(whole.is_complete() && whole.has_content());
    assert_eq!((whole.usage().input, whole.usage().output), (3, 4));
    assert!(!meter(&[start, open, text]).is_complete());
    for meter in [meter(&[start, failed]), meter(&[start, text, failed])] {
        assert_eq!(meter.failure().map(|error| error.message.as_str()), Some("m"));
    }
}

#[test]
fn an_unreadable_event_after_content_is_no_failure() {
    let meter =
        events(Operation::ChatCompletions, &[r#"{"choices":[{"delta":{"content":"x"}}]}"#, r#"{"error"#]);
    assert_eq!(meter.failure(), None);
}

#[test]
fn an_error_without_framing_is_read() {
    let (phases, meter) = watch(Operation::ChatCompletions, [&b"{\"error\":{\"mess"[..], b"age\":\"m\"}}"]);
    assert_eq!(meter.failure().map(|error| error.message.as_str()), Some("m"));
    assert_eq!(phases, [Phase::Silent, Phase::Ended { complete: false }]);
}

#[test]
fn usage_may_come_with_the_finish_or_in_a_vendor_field() {
    let content = r#"{"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]}"#;
    for last in [
        r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#,
        r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"usage":{"prompt_tokens":3,"completion_tokens":4}}}"#,
        r#"{ "choices" : [] , "usage" : { "prompt_tokens" : 3, "completion_tokens" : 4 } }"#,
    ] {
        let usage = events(Operation::ChatCompletions, &[content, last]).usage();
        assert_eq!((usage.input, usage.output), (3, 4), "{last}");
    }
}

#[test]
fn all_choices_must_end_for_a_stream_without_done() {
    let chunk = |index, finish: &str| {
        format!(r#"{{"choices":[{{"index":{index},"delta":{{"content":"x"}},"finish_reason":{finish}}}]}}"#)
    };
    let first = [chunk(0, "null"), chunk(1, "null"), chunk(0, "\"stop\"")];
    let texts: Vec<&str> = first.iter().map(String::as_str).collect();
    assert!(!events(Operation::ChatCompletions, &texts).is_complete());
    let last = chunk(1, "\"length\"");
    assert!(events(Operation::ChatCompletions, &[texts, vec![last.as_str()]].concat()).is_complete());
}

#[test]
fn sound_is_content_and_ends_when_it_ends() {
    let (phases, meter) = watch(Operation::Speech, [&b"\xff\xf3\x84d"[..], b"ata:"]);
    assert_eq!(phases, [Phase::Silent, Phase::Semantic, Phase::Ended { complete: true }]);
    assert_eq!(meter.failure(), None);
    let spoken = events(
        Operation::Speech,
        &[r#"{"type":"speech.audio.done","usage":{"input_tokens":3,"output_tokens":9}}"#],
    );
    assert_eq!((spoken.usage().output, spoken.is_complete()), (9, true));
    assert_eq!(
        events(Operation::Speech, &[r#"{"error":{"message":"m"}}"#]).failure().map(|error| &*error.message),
        Some("m")
    );
}

#[test]
fn an_event_beyond_the_bound_is_not_kept_but_counts_as_content() {
    let chunk = vec![b'x'; 1024 * 1024];
    for start in [&b"data: \""[..], b"{\""] {
        let mut meter = StreamMeter::new(Operation::ChatCompletions);
        meter.push(start);
        for _ in 0..9 {
            meter.push(&chunk);
        }
        assert_eq!(meter.phase(), Phase::Semantic);
        meter.push(b"\"}\n\n");
        meter.push(
            b"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5}}\n\n{\"usage\":{\"prompt_tokens\":5}}",
        );
        assert_eq!(meter.usage().input, 5, "what follows is read again");
    }
}

#[test]
fn a_byte_at_a_time_of_one_large_event_is_linear() {
    let mut meter = StreamMeter::new(Operation::ChatCompletions);
    meter.push(b"data: {\"choices\":[{\"delta\":{\"content\":\"");
    for _ in 0..2_000_000 {
        meter.push(b"x");
    }
    meter.push(b"\"}}]}\n\n");
    assert_eq!(meter.phase(), Phase::Semantic);
}

proptest! {
    #[test]
    fn random_pieces_change_nothing(which in 0..STREAMS.len(), mut cuts in proptest::collection::vec(0..2_000_usize, 0..20)) {
        let (op, text) = STREAMS[which];
        cuts.retain(|cut| *cut <= text.len());
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        let (phases, whole) = watch(op, [text.as_bytes()]);
        let (cut_phases, cut) = watch(op, cuts.windows(2).map(|pair| &text.as_bytes()[pair[0]..pair[1]]));
        prop_assert_eq!(cut_phases, phases);
        assert_same(op, &whole, &cut);
    }

    #[test]
    fn any_bytes_pass_without_panic(pieces in proptest::collection::vec("(data: |event: |\r|\n|\\{|\\}|\"|\\\\|\\[|,|error|usage|\\PC|:)", 0..60), step in 1..9_usize) {
        let text = pieces.concat();
        for op in [Operation::ChatCompletions, Operation::Responses, Operation::Messages, Operation::StreamGenerateContent, Operation::Speech] {
            let (phases, whole) = watch(op, [text.as_bytes()]);
            let (cut_phases, cut) = watch(op, text.as_bytes().chunks(step));
            prop_assert_eq!(phases.last(), cut_phases.last());
            prop_assert_eq!(whole.failure(), cut.failure());
            prop_assert_eq!(whole.has_content(), cut.has_content());
        }
    }
}
