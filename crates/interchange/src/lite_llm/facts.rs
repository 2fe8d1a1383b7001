//! Prices and limits of models.

use serde_json::{Map, Value, json};

use crate::fields::{Fields, number, whole};

/// Tokens that prices are told for.
const MILLION: f64 = 1e6;

/// What is known of a model: `litellm_params` counts before `model_info`.
pub(super) fn of(params: &Map<String, Value>, info: Option<&Map<String, Value>>) -> Map<String, Value> {
    let empty = Map::new();
    let info = info.unwrap_or(&empty);
    let of = |name: &str| params.get(name).or_else(|| info.get(name));
    let mut facts = Fields::default();
    for (theirs, ours) in [
        ("input_cost_per_token", "input"),
        ("output_cost_per_token", "output"),
        ("cache_read_input_token_cost", "cached"),
    ] {
        if let Some(price) =
            of(theirs).and_then(number).map(per_million).filter(|price| (0.0..=1e6).contains(price))
        {
            facts.put_in("prices", ours, json!(price));
        }
    }
    for (theirs, ours) in [("max_input_tokens", "context_tokens"), ("max_output_tokens", "max_output_tokens")]
    {
        if let Some(tokens) = info.get(theirs).and_then(whole).filter(|tokens| *tokens > 0) {
            facts.put(ours, tokens);
        }
    }
    facts.0
}

/// Dollars per million, without what the multiplication adds at the end.
fn per_million(price: f64) -> f64 {
    (price * MILLION * 1e9).round() / 1e9
}
