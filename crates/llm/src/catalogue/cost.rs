//! What an answer costs.

use roundhouse_domain::spec::{Price, Prices};
use roundhouse_domain::{NanoUsd, Timestamp, TokenUsage};

use super::Facts;
use crate::generation::Usage;

/// Tokens that prices are for.
const MILLION: u128 = 1_000_000;

impl Facts {
    /// What tokens cost at a time; none where a price is not known that it takes.
    pub fn cost_at(&self, tokens: &TokenUsage, now: Timestamp) -> Option<NanoUsd> {
        let prices = self.prices.as_ref()?;
        if tokens.is_empty() && prices.per_request.is_none() {
            return None;
        }
        let cost = self.cost(tokens)?;
        let window = prices.windows.iter().find(|window| window.covers(now));
        let factor = window.map_or(1_000, |window| i64::from(window.factor.0));
        Some(NanoUsd(cost.0.checked_mul(factor)?.checked_add(500)? / 1_000))
    }

    /// What tokens cost; none where a price is not known that it takes.
    pub fn cost(&self, tokens: &TokenUsage) -> Option<NanoUsd> {
        let (audio_input, audio_output) = (tokens.audio_input, tokens.audio_output);
        self.cost_of(&Usage { tokens: *tokens, audio_input, audio_output, ..Usage::default() })
    }

    /// What an answer costs, sound, pictures and long-lived cache entries apart; none where a price is not known that it
    /// takes.
    pub fn cost_of(&self, usage: &Usage) -> Option<NanoUsd> {
        let prices = self.prices.as_ref()?.at(usage.tokens.input);
        let sum = input(usage, &prices)?.checked_add(output(usage, &prices)?)?;
        let tokens = (sum + MILLION / 2) / MILLION;
        let request = prices.per_request.map_or(0, |price| u128::from(price.0));
        i64::try_from(tokens.checked_add(request)?).ok().map(NanoUsd)
    }
}

/// The prices that count for a prompt of some length.
trait At {
    fn at(&self, input_tokens: u64) -> Self;
}

impl At for Prices {
    fn at(&self, input_tokens: u64) -> Self {
        let mut prices = Self { long: Vec::new(), ..self.clone() };
        let fitting = self.long.iter().filter(|long| input_tokens > long.above_tokens);
        if let Some(long) = fitting.max_by_key(|long| long.above_tokens) {
            prices.input = long.input.or(prices.input);
            prices.output = long.output.or(prices.output);
            prices.cached = long.cached.or(prices.cached);
            prices.cache_write = long.cache_write.or(prices.cache_write);
            prices.cache_write_1h = long.cache_write_1h.or(prices.cache_write_1h);
        }
        prices
    }
}

fn input(usage: &Usage, prices: &Prices) -> Option<u128> {
    let tokens = &usage.tokens;
    let hour = usage.cache_write_1h.min(tokens.cache_write);
    let write = prices.cache_write.or(prices.input);
    total(
        tokens.input,
        prices.input,
        &[
            (tokens.cached, prices.cached),
            (hour, prices.cache_write_1h.or(write)),
            (tokens.cache_write - hour, write),
            (usage.audio_input, prices.audio_input),
            (usage.image_input, prices.image_input),
        ],
    )
}

fn output(usage: &Usage, prices: &Prices) -> Option<u128> {
    let parts = [
        (usage.tokens.reasoning, prices.reasoning),
        (usage.audio_output, prices.audio_output),
        (usage.image_output, prices.image_output),
    ];
    total(usage.tokens.output, prices.output, &parts)
}

/// What `all` tokens cost, of which some have prices of their own.
fn total(all: u64, price: Option<Price>, parts: &[(u64, Option<Price>)]) -> Option<u128> {
    let mut rest = all;
    let mut sum = 0_u128;
    for (tokens, own) in parts {
        let Some(own) = own else { continue };
        // Parts may overlap, such as cached sound; nothing is paid twice.
        let tokens = (*tokens).min(rest);
        rest -= tokens;
        sum += u128::from(tokens) * u128::from(own.0);
    }
    match price {
        Some(price) => Some(sum + u128::from(rest) * u128::from(price.0)),
        None => (rest == 0).then_some(sum),
    }
}

#[cfg(test)]
mod tests {
    use roundhouse_domain::spec::ModelFactsSpec;
    use serde_json::json;

    use super::super::overrides::apply;
    use super::*;

    fn facts(prices: &serde_json::Value) -> Facts {
        let spec: ModelFactsSpec = serde_json::from_value(json!({ "match": "m", "prices": prices })).unwrap();
        let mut facts = Facts::default();
        apply(&spec, &mut facts);
        facts
    }

    fn usage(input: u64, output: u64, cached: u64, cache_write: u64, reasoning: u64) -> TokenUsage {
        TokenUsage { input, output, cached, cache_write, reasoning, ..TokenUsage::default() }
    }

    #[test]
    fn a_discount_counts_in_its_hours_only() {
        let windows = json!([{ "from": "16:30", "to": "00:30", "factor": 0.25 }]);
        let facts = facts(&json!({ "input": 2, "output": 8, "per_request": 0.001, "windows": windows }));
        let at = |time: &str| {
            let time = Timestamp::parse(&format!("2026-11-30T{time}:00Z")).unwrap();
            facts.cost_at(&usage(1_000, 500, 0, 0, 0), time).unwrap().0
        };
        let full = 2_000_000 + 4_000_000 + 1_000_000;
        assert_eq!((at("12:00"), at("18:00"), at("00:30")), (full, full / 4, full));
        assert_eq!(facts.cost_at(&TokenUsage::default(), Timestamp::default()), Some(NanoUsd(250_000)));
    }

    #[test]
    fn every_kind_of_token_is_paid_once() {
        let facts = facts(&json!({ "input": 3, "output": 15, "cached": 0.3, "cache_write": 3.75 }));
        let cost = |usage| facts.cost(&usage).unwrap().0;
        assert_eq!(cost(usage(1_000_000, 0, 0, 0, 0)), 3_000_000_000);
        assert_eq!(
            cost(usage(1_000, 100, 600, 300, 0)),
            100 * 3_000 + 600 * 300 + 300 * 3_750 + 100 * 15_000
        );
        assert_eq!(cost(usage(0, 1_000, 0, 0, 900)), 15_000_000, "reasoning costs what output costs");
        assert_eq!(cost(usage(10, 0, 20, 0, 0)), 3_000, "no more is cached than was read");
    }

    #[test]
    fn parts_of_a_nano_dollar_are_rounded_once() {
        let facts = facts(&json!({ "input": 0.000_4, "output": 0.000_4 }));
        assert_eq!(facts.cost(&usage(1, 0, 0, 0, 0)), Some(NanoUsd(0)));
        assert_eq!(facts.cost(&usage(1, 1, 0, 0, 0)), Some(NanoUsd(1)));
    }

    #[test]
    fn a_long_prompt_changes_the_price_of_the_whole_request() {
        let facts = facts(&json!({
            "input": 1.25, "output": 10, "cached": 0.125,
            "long": [{ "above_tokens": 200_000, "input": 2.5, "output": 15 }, { "above_tokens": 500_000, "input": 5 }],
        }));
        let cost = |input, cached| facts.cost(&usage(input, 1_000, cached, 0, 0)).unwrap().0;
        assert_eq!(cost(200_000, 0), 200_000 * 1_250 + 1_000 * 10_000);
        assert_eq!(cost(200_001, 0), 200_001 * 2_500 + 1_000 * 15_000);
        assert_eq!(cost(300_000, 100_000), 200_000 * 2_500 + 100_000 * 125 + 1_000 * 15_000);
        assert_eq!(cost(600_000, 0), 600_000 * 5_000 + 1_000 * 10_000);
    }

    #[test]
    fn what_has_no_known_price_has_no_known_cost() {
        assert_eq!(Facts::default().cost(&usage(1, 1, 0, 0, 0)), None);
        let embedding = facts(&json!({ "input": 0.02 }));
        assert_eq!(embedding.cost(&usage(1_000, 0, 0, 0, 0)), Some(NanoUsd(20_000)));
        assert_eq!(embedding.cost(&usage(1_000, 1, 0, 0, 0)), None);
    }

    #[test]
    fn sound_pictures_and_hours_have_prices_of_their_own() {
        let facts = facts(&json!({
            "input": 2, "output": 8, "cache_write": 2.5, "cache_write_1h": 4, "audio_input": 40, "audio_output": 80,
            "image_input": 10, "image_output": 30,
        }));
        let usage = Usage {
            tokens: usage(100, 100, 0, 30, 0),
            audio_input: 10,
            audio_output: 20,
            image_input: 5,
            image_output: 40,
            cache_write_1h: 10,
            ..Usage::default()
        };
        let input = 10 * 4_000 + 20 * 2_500 + 10 * 40_000 + 5 * 10_000 + 55 * 2_000;
        let output = 20 * 80_000 + 40 * 30_000 + 40 * 8_000;
        assert_eq!(facts.cost_of(&usage), Some(NanoUsd(input + output)));
    }

    #[test]
    fn absurd_counts_have_no_cost_instead_of_a_wrong_one() {
        let facts = facts(&json!({ "input": 1_000_000, "output": 1 }));
        assert_eq!(facts.cost(&usage(u64::MAX, 0, 0, 0, 0)), None);
    }
}
