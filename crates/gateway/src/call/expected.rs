//! What a call is expected to take, before anybody is asked.

use roundhouse_domain::{Amounts, NanoUsd, TokenUsage};
use roundhouse_llm::catalogue::Facts;
use roundhouse_llm::{Operation, rough};

use super::Prepared;
use super::shape::Shape;
use crate::limits::Limits;
use crate::target::Target;

/// Tokens of an answer whose length the caller does not bound.
const USUAL_OUTPUT_TOKENS: u64 = 4_096;

/// More than any model writes at once, for what callers ask for without knowing.
const MOST_OUTPUT_TOKENS: u64 = 1_000_000;

impl Prepared {
    /// What the call may take at the most, as far as that can be told: all of its prompt, the longest answer that it asks for, at
    /// the price of the dearest target of the first tier. What has no known price costs nothing. None where nobody's limits
    /// ask for it.
    pub(crate) fn expected(&self) -> Option<Amounts> {
        if !self.caller.any_limits(Limits::wants_estimate) {
            return None;
        }
        let usage = self.expected_usage();
        let cost = if self.caller.any_limits(Limits::wants_cost) { self.expected_cost(&usage) } else { None };
        Some(Amounts { requests: 0, tokens: usage.total(), cost: cost.unwrap_or_default() })
    }

    fn expected_usage(&self) -> TokenUsage {
        let Some(operation) = self.operation.filter(|operation| !operation.counts()) else {
            return TokenUsage::default();
        };
        let Shape::Json(envelope) = &self.shape else { return TokenUsage::default() };
        let output = if operation.generates() {
            let asked = envelope.max_output_tokens().unwrap_or(USUAL_OUTPUT_TOKENS);
            asked.min(self.longest_answer()).saturating_mul(answers(operation, envelope.choices()))
        } else {
            0
        };
        TokenUsage { input: rough::tokens(&self.body), output, ..TokenUsage::default() }
    }

    fn longest_answer(&self) -> u64 {
        let longest = self.first_targets().filter_map(|target| self.snapshot_facts(target).max_output_tokens);
        longest.max().unwrap_or(MOST_OUTPUT_TOKENS)
    }

    fn expected_cost(&self, usage: &TokenUsage) -> Option<NanoUsd> {
        let costs = self.first_targets().filter_map(|target| self.snapshot_facts(target).cost(usage));
        costs.max()
    }

    fn first_targets(&self) -> impl Iterator<Item = &Target> {
        let tier = self.route.tiers.first();
        tier.into_iter()
            .flat_map(|tier| &tier.targets)
            .map(|target| &**target)
            .filter(|target| target.weight > 0)
    }

    fn snapshot_facts(&self, target: &Target) -> std::sync::Arc<Facts> {
        self.snapshot.facts(target, &self.public_model)
    }
}

/// Several answers are asked for in some dialects only; whoever asks for absurdly many is refused by the upstream.
fn answers(operation: Operation, choices: u64) -> u64 {
    match operation {
        Operation::Messages | Operation::Responses => 1,
        _ => choices.min(128),
    }
}
