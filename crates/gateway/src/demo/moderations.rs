//! OpenAI's moderations (platform.openai.com/docs/api-reference/moderations, 2026-07).

use serde_json::{Map, Value, json};

use super::DemoRequest;
use super::behaviour::Behaviour;
use super::content::Content;
use super::fields::{Fields, Read, missing, parse, wrong};
use super::play::Draft;
use super::seed::Seed;

/// The categories, and whether images are judged by them.
const CATEGORIES: &[(&str, bool)] = &[
    ("harassment", false),
    ("harassment/threatening", false),
    ("hate", false),
    ("hate/threatening", false),
    ("illicit", false),
    ("illicit/violent", false),
    ("self-harm", true),
    ("self-harm/intent", true),
    ("self-harm/instructions", true),
    ("sexual", true),
    ("sexual/minors", false),
    ("violence", true),
    ("violence/graphic", true),
];

/// The category that a flagged text is found in.
const FLAGGED: &str = "violence";

pub(super) fn answer(request: &DemoRequest<'_>, seed: &Seed) -> Read<Draft> {
    let body = parse(request.body)?;
    let inputs = inputs(&Fields::root(&body)?)?;
    let flags = inputs.iter().map(|input| Behaviour::read(request.model, &input.text).flag);
    let results = inputs.iter().zip(flags).map(|(input, flag)| result(input, flag));
    let answer = json!({
        "id": seed.id("modr-", 0),
        "model": request.model,
        "results": results.collect::<Value>(),
    });
    let last = inputs.last().map_or("", |input| input.text.as_str());
    Ok(Draft::json(Behaviour::read(request.model, last), &answer))
}

/// What is to be judged: texts each for itself, parts of one message together.
fn inputs(fields: &Fields<'_>) -> Read<Vec<Content>> {
    let value = fields.value("input").ok_or_else(|| missing("input"))?;
    match value.as_array() {
        Some(inputs) if inputs.is_empty() => Err(wrong("input", "at least one input")),
        Some(inputs) if inputs.iter().all(Value::is_string) => {
            Ok(inputs.iter().filter_map(Value::as_str).map(Content::plain).collect())
        }
        _ => Ok(vec![Content::read(value, "input")?]),
    }
}

fn result(input: &Content, flag: bool) -> Value {
    let (mut categories, mut scores, mut types) = (Map::new(), Map::new(), Map::new());
    for (category, images) in CATEGORIES {
        let found = flag && *category == FLAGGED;
        let judged = [(!input.text.is_empty(), "text"), (*images && input.attachments > 0, "image")];
        let judged: Vec<_> = judged.into_iter().filter_map(|(is, name)| is.then_some(name)).collect();
        categories.insert((*category).to_owned(), json!(found));
        scores.insert((*category).to_owned(), json!(if found { 0.98 } else { 0.0001 }));
        types.insert((*category).to_owned(), json!(judged));
    }
    json!({
        "flagged": flag,
        "categories": categories,
        "category_scores": scores,
        "category_applied_input_types": types,
    })
}
