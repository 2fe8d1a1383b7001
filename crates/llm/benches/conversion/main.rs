//! What a conversion costs: a request and an answer of 4 KB, and one event of a stream.

#![allow(clippy::unwrap_used, reason = "a benchmark of broken input measures nothing")]

mod cases;

use divan::counter::{BytesCount, ItemsCount};
use divan::{AllocProfiler, Bencher, black_box};
use roundhouse_llm::Operation;
use roundhouse_llm::catalogue::Facts;
use roundhouse_llm::convert::{self, Caller, Names, Stamp, StreamConversion};
use roundhouse_llm::dialect::{Dialect, Target};
use roundhouse_llm::profile;
use serde_json::{Value, json};

use cases::{answer, calls, image, request, stream};

const DIALECTS: [Dialect; 4] = [Dialect::Chat, Dialect::Responses, Dialect::Messages, Dialect::Gemini];

/// Counts what is allocated beside the time that is taken.
#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

fn pairs() -> Vec<(Dialect, Dialect)> {
    let pairs = DIALECTS.into_iter().flat_map(|from| DIALECTS.into_iter().map(move |to| (from, to)));
    pairs.filter(|(from, to)| from != to).collect()
}

fn caller(dialect: Dialect) -> Caller {
    let (operation, body) = request(dialect);
    read(operation, body.to_string().as_bytes())
}

fn read(operation: Operation, body: &[u8]) -> Caller {
    let stamp = Stamp { id: "0198c0de".to_owned(), created: 1_700_000_000 };
    Caller::read(operation, Some("m"), false, body, stamp).unwrap()
}

#[divan::bench(args = pairs())]
fn request_of_4_kb(bencher: Bencher, (from, to): (Dialect, Dialect)) {
    let (operation, body) = request(from);
    let body = body.to_string().into_bytes();
    bencher.counter(BytesCount::new(body.len())).bench(|| convert_request(operation, black_box(&body), to));
}

/// The bytes of an image are many: how often they are copied shows in what is allocated.
#[divan::bench(args = pairs(), sample_count = 20)]
fn request_with_image_of_5_mb(bencher: Bencher, (from, to): (Dialect, Dialect)) {
    let (operation, body) = image(from);
    let body = body.to_string().into_bytes();
    bencher.counter(BytesCount::new(body.len())).bench(|| convert_request(operation, black_box(&body), to));
}

fn convert_request(operation: Operation, body: &[u8], to: Dialect) -> usize {
    let facts = Facts::default();
    let target = Target {
        family: roundhouse_domain::spec::Family::Openai,
        model: "upstream",
        profile: profile::named("openai"),
        facts: &facts,
    };
    read(operation, body).write(to, &target).unwrap().body.len()
}

#[divan::bench(args = pairs())]
fn answer_of_4_kb(bencher: Bencher, (from, to): (Dialect, Dialect)) {
    let (body, caller) = (answer(from), caller(to));
    bencher.counter(BytesCount::new(body.len())).bench(|| {
        convert::answer(from, black_box(&body), caller.asked(), &Names::default()).unwrap().body.len()
    });
}

/// A hundred events at a time, so that the clock is not what is measured.
#[divan::bench(args = pairs())]
fn hundred_events(bencher: Bencher, (from, to): (Dialect, Dialect)) {
    let caller = caller(to);
    let (start, event) = stream(from);
    bencher
        .counter(ItemsCount::new(100_u32))
        .with_inputs(|| {
            let mut conversion = StreamConversion::new(from, caller.asked(), Names::default());
            conversion.push(start.as_bytes());
            conversion
        })
        .bench_refs(|conversion| {
            (0..100).map(|_| conversion.push(black_box(event.as_bytes())).len()).sum::<usize>()
        });
}

/// The arguments of one call, 1 MB in 10,000 pieces: the work is linear in them.
#[divan::bench(args = [1_000, 5_000, 10_000])]
fn long_arguments(bencher: Bencher, pieces: usize) {
    let caller = caller(Dialect::Messages);
    let piece = "x".repeat(100);
    let chunk = |call: &Value| {
        let chunk = json!({ "id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
            "choices": [{ "index": 0, "delta": { "tool_calls": [call] } }] });
        format!("data: {chunk}\n\n")
    };
    let start = chunk(
        &json!({ "index": 0, "id": "call_1", "type": "function", "function": { "name": "f", "arguments": "{\"x\":\"" } }),
    );
    let more = chunk(&json!({ "index": 0, "function": { "arguments": piece } }));
    bencher.counter(ItemsCount::new(pieces)).bench(|| {
        let mut conversion = StreamConversion::new(Dialect::Chat, caller.asked(), Names::default());
        conversion.push(start.as_bytes());
        (0..pieces).map(|_| conversion.push(black_box(more.as_bytes())).len()).sum::<usize>()
    });
}

/// A stream that goes on: what it allocates and does not free is what an open stream keeps.
#[divan::bench(args = pairs())]
fn open_stream(bencher: Bencher, (from, to): (Dialect, Dialect)) {
    let caller = caller(to);
    let (start, event) = stream(from);
    bencher.bench(|| {
        let mut conversion = Box::new(StreamConversion::new(from, caller.asked(), Names::default()));
        conversion.push(black_box(start.as_bytes()));
        conversion.push(black_box(event.as_bytes()));
        conversion
    });
}

/// Histories of many calls: the work is linear in them.
#[divan::bench(args = [1_000, 10_000], consts = [0, 1, 2, 3], sample_count = 20)]
fn history<const FROM: usize>(bencher: Bencher, count: usize) {
    let (from, to) = (DIALECTS[FROM], DIALECTS[(FROM + 1) % DIALECTS.len()]);
    let (operation, body) = calls(from, count);
    let body = body.to_string().into_bytes();
    bencher.counter(ItemsCount::new(count)).bench(|| convert_request(operation, black_box(&body), to));
}
