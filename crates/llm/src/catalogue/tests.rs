use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use roundhouse_domain::spec::{ModelFactsSpec, Price};
use serde_json::{Value, json};

use super::name::{Glob, Names};
use super::rows::{FILES, Row, Rows};
use super::*;

fn facts(model: &str) -> Arc<Facts> {
    Catalogue::default().facts(&[model], Seller::default())
}

fn at(host: &str) -> Seller<'_> {
    Seller { provider: "p", host }
}

fn catalogue(overrides: Value) -> Catalogue {
    Catalogue::with_overrides(&serde_json::from_value::<Vec<ModelFactsSpec>>(overrides).unwrap())
}

fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().flat_map(|(file, text)| text.lines().map(move |line| (*file, line)))
}

fn rows() -> Vec<Row> {
    lines()
        .map(|(file, line)| Row::read(line).unwrap_or_else(|error| panic!("{file}: {error}: {line}")))
        .collect()
}

#[test]
fn every_row_can_be_read_and_says_where_it_is_from() {
    for (file, line) in lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
        assert!(text("source").starts_with("https://"), "{file}: {line}");
        let (year, month) = text("as_of").split_once('-').map(|(y, m)| (y.parse(), m.parse())).unwrap();
        assert!(
            (2025..=2026).contains(&year.unwrap_or(0)) && (1..=12).contains(&month.unwrap_or(0)),
            "{line}"
        );
        assert!(!text("vendor").is_empty() && !text("display_name").is_empty(), "{line}");
        assert!(row["match"].as_array().is_some_and(|patterns| !patterns.is_empty()), "{line}");
        let day = text("shutdown");
        assert!(day.is_empty() || day.parse::<jiff::civil::Date>().is_ok(), "{line}");
    }
    assert!(rows().len() > 300);
}

#[test]
fn facts_of_a_row_fit_each_other() {
    for row in rows() {
        let facts = row.facts(Seller::default());
        let name = facts.display_name.clone();
        if let (Some(context), Some(output)) = (facts.context_tokens, facts.max_output_tokens) {
            assert!(
                output <= context || name.as_deref().is_some_and(|name| name.ends_with("TTS")),
                "{name:?}"
            );
        }
        if let ReasoningStyle::Budget { min, max, .. } = facts.reasoning {
            assert!(min < max && facts.max_output_tokens.is_some_and(|most| max <= most), "{name:?}");
        }
        assert!(facts.efforts.is_sorted(), "{name:?}");
        let Some(prices) = &facts.prices else { continue };
        assert!(prices.cached <= prices.input, "{name:?}");
        assert!(prices.long.is_sorted_by_key(|long| long.above_tokens), "{name:?}");
    }
}

#[test]
fn no_two_rows_claim_the_same_name_with_the_same_right() {
    let rows = rows();
    let mut exact: HashMap<&str, usize> = HashMap::new();
    let patterns: Vec<(usize, &Glob)> = rows
        .iter()
        .enumerate()
        .flat_map(|(at, row)| row.patterns.iter().map(move |glob| (at, glob)))
        .collect();
    for (at, glob) in patterns.iter().filter(|(_, glob)| glob.is_plain()) {
        let other = exact.insert(glob.text(), *at);
        assert!(other.is_none_or(|other| other == *at), "{} stands twice", glob.text());
    }
    let globs: Vec<_> = patterns.iter().filter(|(_, glob)| !glob.is_plain()).collect();
    let filled =
        globs.iter().flat_map(|(_, glob)| ["", "-x-", "3"].map(|fill| glob.text().replace('*', fill)));
    for name in filled.chain(patterns.iter().map(|(_, glob)| glob.text().to_owned())) {
        let names = Names::of(&name);
        let mut best: Vec<_> = globs.iter().filter(|(_, glob)| glob.fits(&names)).collect();
        best.sort_by_key(|(_, glob)| std::cmp::Reverse(glob.rank()));
        if let [(one, a), (other, b), ..] = best.as_slice() {
            assert!(one == other || a.rank() > b.rank(), "{name}: {} and {}", a.text(), b.text());
        }
    }
}

#[test]
fn names_in_every_notation_find_their_model() {
    for (name, display) in [
        ("gpt-4o-2024-08-06", "GPT-4o"),
        ("gpt-4o-2024-05-13", "GPT-4o (2024-05-13)"),
        ("openai/gpt-5.4-nano-20260317", "GPT-5.4 nano"),
        ("gpt-5.6", "GPT-5.6 Sol"),
        ("gpt-4-1106-preview", "GPT-4 Turbo"),
        ("anthropic/claude-4.5-haiku-20251001", "Claude Haiku 4.5"),
        ("anthropic/claude-haiku-4.5", "Claude Haiku 4.5"),
        ("us.anthropic.claude-opus-4-6-v1", "Claude Opus 4.6"),
        ("claude-sonnet-4@20250514", "Claude Sonnet 4"),
        ("anthropic.claude-v2:1", "Claude 2.1"),
        ("models/gemini-2.5-flash-preview-09-2025", "Gemini 2.5 Flash"),
        ("gemini-2.5-flash-lite", "Gemini 2.5 Flash-Lite"),
        ("gemini-3.1-pro-preview-customtools", "Gemini 3.1 Pro Preview"),
        ("meta.llama3-2-1b-instruct-v1:0", "Llama 3.2"),
        ("@cf/meta/llama-3.3-70b-instruct-fp8-fast", "Llama 3.3 70B"),
        ("accounts/fireworks/models/llama-v3p1-405b-instruct", "Llama 3.1 405B"),
        ("llama3.1:8b", "Llama 3.1 8B"),
        ("deepseek-r1-distill-llama-70b", "DeepSeek R1 Distill"),
        ("us.deepseek.r1-v1:0", "DeepSeek R1"),
        ("moonshotai/Kimi-K2-Instruct-0905", "Kimi K2 0905"),
        ("moonshotai/kimi-k2.5-0127", "Kimi K2.5"),
        ("Qwen/Qwen3-235B-A22B-Instruct-2507", "Qwen3 Instruct 2507"),
        ("qwen3:8b", "Qwen3"),
        ("doubao-seed-1-6-250615", "Doubao Seed 1.6"),
        ("x-ai/grok-4.1-fast", "Grok 4 Fast"),
        ("grok-4.20-0309-reasoning", "Grok 4.20"),
        ("amazon.titan-embed-text-v2:0", "Amazon Titan Text Embeddings V2"),
        ("mistral.mixtral-8x7b-instruct-v0:1", "Mixtral 8x7B"),
    ] {
        assert_eq!(facts(name).display_name.as_deref(), Some(display), "{name}");
    }
    for name in ["", "my-model", "gpt", "claude", "ft:gpt-4o-2024-08-06:org::id", "gpt-4o-realtime-preview"] {
        assert_eq!(*facts(name), Facts::default(), "{name}");
    }
}

#[test]
fn the_upstream_name_goes_before_the_public_one() {
    let catalogue = Catalogue::default();
    let display = |names: &[&str]| catalogue.facts(names, Seller::default()).display_name.clone();
    assert_eq!(display(&["gpt-4o", "o3"]).as_deref(), Some("GPT-4o"));
    assert_eq!(display(&["my-deployment", "o3"]).as_deref(), Some("o3"));
}

#[test]
fn prices_depend_on_who_serves_an_open_model() {
    let prices = |model: &str, host: &str| {
        let facts = Catalogue::default().facts(&[model], at(host));
        facts.prices.as_ref().and_then(|prices| prices.input)
    };
    assert_eq!(prices("kimi-k2-0905-preview", "api.moonshot.ai"), Some(Price(600_000_000)));
    assert_eq!(prices("moonshotai/kimi-k2-instruct-0905", "api.groq.com"), Some(Price(1_000_000_000)));
    assert_eq!(prices("moonshotai/kimi-k2-instruct-0905", "llm.example.com"), None);
    assert_eq!(prices("moonshotai/kimi-k2-instruct-0905", "notapi.groq.com"), None);
    assert_eq!(
        prices("cohere.command-text-v14", "bedrock-runtime.us-east-1.amazonaws.com"),
        Some(Price(1_500_000_000))
    );
    assert_eq!(prices("gpt-4o", "llm.example.com"), Some(Price(2_500_000_000)));
    assert_eq!(prices("google/gemini-2.0-flash:free", "openrouter.ai"), None, "the variant costs nothing");
}

#[test]
fn overrides_count_field_by_field_the_first_one_most() {
    let catalogue = catalogue(json!([
        { "match": "gpt-4o", "provider": "azure", "prices": { "input": 1, "output": 2 } },
        { "match": "gpt-4*", "context_tokens": 1_000, "tools": false },
        { "match": "gpt-4o", "context_tokens": 2_000, "max_output_tokens": 500, "display_name": "Ours" },
        { "match": "house-*", "reasoning": "budget", "thinking_tokens": { "min": 1, "max": 9 } },
    ]));
    let seen = |model: &str, provider: &str| catalogue.facts(&[model], Seller { provider, host: "" });
    let facts = seen("openai/gpt-4o-2024-11-20", "azure");
    assert_eq!((facts.context_tokens, facts.max_output_tokens), (Some(1_000), Some(500)));
    assert_eq!((facts.display_name.as_deref(), facts.has_tools), (Some("Ours"), Some(false)));
    assert_eq!(facts.has_json_schema, Some(true), "what nobody overrides stays");
    let prices = facts.prices.clone().unwrap();
    assert_eq!((prices.input, prices.cached), (Some(Price(1_000_000_000)), None), "prices are one field");
    assert_eq!(seen("gpt-4o", "openai").prices.as_ref().unwrap().input, Some(Price(2_500_000_000)));
    assert_eq!(seen("house-7b", "p").reasoning, ReasoningStyle::Budget { min: 1, max: 9, can_stop: true });
    assert_eq!(*seen("o3", "p"), *super::tests::facts("o3"));
}

#[test]
fn efforts_are_brought_to_what_the_model_takes() {
    let nearest = |model: &str, wanted| facts(model).nearest_effort(wanted);
    assert_eq!(nearest("gpt-5", Effort::None), Effort::Minimal);
    assert_eq!(nearest("gpt-5.1", Effort::Minimal), Effort::None);
    assert_eq!(nearest("gpt-5.1", Effort::Max), Effort::High);
    assert_eq!(nearest("gpt-5.6", Effort::Max), Effort::Max);
    assert_eq!(nearest("claude-opus-5-5", Effort::None), Effort::Low);
    assert_eq!(nearest("never-heard-of", Effort::XHigh), Effort::XHigh);
}

#[test]
fn what_is_said_of_well_known_models_is_right() {
    let sonnet = facts("claude-sonnet-4-5-20250929");
    assert_eq!((sonnet.context_tokens, sonnet.max_output_tokens), (Some(200_000), Some(64_000)));
    assert_eq!(sonnet.reasoning, ReasoningStyle::Budget { min: 1_024, max: 64_000, can_stop: true });
    let usage =
        roundhouse_domain::TokenUsage { input: 12_000, output: 800, cached: 10_000, ..Default::default() };
    assert_eq!(sonnet.cost(&usage).unwrap().to_string(), "0.021");
    assert!(facts("o3").has_fixed_sampling && !facts("gpt-4o").has_fixed_sampling);
    assert_eq!(
        facts("gemini-2.5-pro").input,
        [Modality::Image, Modality::Audio, Modality::Video, Modality::Pdf]
    );
    assert_eq!(facts("gpt-4o").shutdown.as_deref(), Some("2027-01-14"));
    assert_eq!(facts("text-embedding-3-small").vendor.as_deref(), Some("openai"));
}

/// Names in the recordings that are names of deployments, files or machines, not of models.
const NO_MODELS: [&str; 6] = [
    "",
    "/opt/ml/model",
    "arn:aws:sagemaker:us-east-1:767398002385:endpoint/endpoint-quick-start-idr7y",
    "embedding",
    "openllmetry-testing",
    "test-deployment",
];

#[test]
fn every_model_in_the_recordings_is_known() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/provider-traffic");
    let Ok(files) = std::fs::read_dir(folder) else { return };
    let mut names = BTreeSet::new();
    for file in files.filter_map(Result::ok) {
        let text = std::fs::read_to_string(file.path()).unwrap_or_default();
        for record in text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
            names.extend(named_in_path(record["path"].as_str().unwrap_or_default()));
            let bodies = [&record["req"], &record["resp"]].map(|body| body.as_str().unwrap_or_default());
            for line in bodies.iter().flat_map(|body| std::iter::once(*body).chain(body.lines())) {
                if let Ok(body) = serde_json::from_str(line.strip_prefix("data:").unwrap_or(line)) {
                    named_in(&body, &mut names);
                }
            }
        }
    }
    assert!(names.len() > 100);
    for name in names.iter().filter(|name| !NO_MODELS.contains(&name.as_str())) {
        assert!(Rows::built_in().find(&Names::of(name)).is_some(), "{name}");
    }
}

fn named_in_path(path: &str) -> Option<String> {
    let places = ["/models/", "/model/", "/deployments/"];
    let (_, rest) = places.iter().find_map(|place| path.split_once(place))?;
    let name = rest.split('/').next()?.replace("%3A", ":").replace("%2F", "/");
    let is_call = |call: &str| call.contains(|c: char| c.is_ascii_uppercase()) || call == "predict";
    Some(
        name.rsplit_once(':')
            .filter(|(_, call)| is_call(call))
            .map_or(name.clone(), |(name, _)| name.to_owned()),
    )
}

fn named_in(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            let here = ["model", "modelVersion"].iter().filter_map(|key| fields.get(*key)?.as_str());
            names.extend(here.map(str::to_owned));
            fields.values().for_each(|value| named_in(value, names));
        }
        Value::Array(items) => items.iter().for_each(|item| named_in(item, names)),
        _ => {}
    }
}
