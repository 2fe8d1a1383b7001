//! How much is left, told to callers in the headers that their libraries know.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use roundhouse_domain::{NanoUsd, Timestamp};
use roundhouse_llm::Protocol;

use super::Holder;

/// How a caller stands with its limits: for each kind that of the holder with the least left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Requests, of the last minute or, where only that is limited, of the day.
    pub requests: Option<Quota>,
    /// Tokens, of the last minute or, where only those are limited, of the day or the month.
    pub tokens: Option<Quota>,
    /// Money that is neither spent nor reserved, of the tightest budget.
    pub budget: Option<NanoUsd>,
}

/// What is left of an allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// What is allowed.
    pub limit: u64,
    /// What is left.
    pub remaining: u64,
    /// How long until all of it is there again, if nothing is used meanwhile.
    pub reset: Duration,
}

impl Standing {
    /// How the call of these holders stands.
    pub fn of(holders: &[Holder], now: Timestamp) -> Self {
        let mut standing = Self::default();
        for holder in holders.iter().filter(|holder| !holder.limits.is_empty()) {
            let own = Self::of_one(holder, now);
            standing.requests = tightest(standing.requests, own.requests);
            standing.tokens = tightest(standing.tokens, own.tokens);
            standing.budget = match (standing.budget, own.budget) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
        standing
    }

    fn of_one(holder: &Holder, now: Timestamp) -> Self {
        let (limits, used) = (&holder.limits, holder.usage.used(now));
        let (requests_reset, tokens_reset) = holder.usage.until_empty(now);
        let day = roundhouse_domain::Day::of(now);
        let (day_ends, month_ends) =
            (day.next().start().since(now), day.month().next().first_day().start().since(now));
        let quota = |limit: Option<u64>, used: u64, reset| {
            limit.map(|limit| Quota { limit, remaining: limit.saturating_sub(used), reset })
        };
        let with_reserved = |tokens: u64| tokens.saturating_add(used.reserved.tokens);
        let left = |limit: Option<NanoUsd>, spent: NanoUsd| {
            limit.map(|limit| limit.minus(spent).minus(used.reserved.cost).max(NanoUsd(0)))
        };
        let day_money = left(limits.cost_per_day, used.today.cost);
        let month_money = left(limits.cost_per_month, used.this_month.cost);
        Self {
            requests: quota(limits.requests_per_minute, used.minute_requests, requests_reset)
                .or_else(|| quota(limits.requests_per_day, used.today.requests, day_ends)),
            tokens: quota(limits.tokens_per_minute, with_reserved(used.minute_tokens), tokens_reset)
                .or_else(|| quota(limits.tokens_per_day, with_reserved(used.today.tokens), day_ends))
                .or_else(|| {
                    quota(limits.tokens_per_month, with_reserved(used.this_month.tokens), month_ends)
                }),
            budget: day_money.into_iter().chain(month_money).min(),
        }
    }

    /// Puts it into the headers of an answer, in the place of what a provider says of its own limits.
    ///
    /// Sources: <https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers>,
    /// <https://docs.claude.com/en/api/rate-limits#response-headers>; 2026-11.
    pub fn tell(&self, headers: &mut HeaderMap, protocol: Protocol, now: Timestamp) {
        let kinds = [(self.requests, &names(protocol).0), (self.tokens, &names(protocol).1)];
        for (quota, names) in kinds {
            let Some(Quota { limit, remaining, reset }) = quota else { continue };
            let reset = match protocol {
                Protocol::Anthropic => rounded(now.plus(reset)).to_string(),
                _ => duration(reset),
            };
            headers.insert(names[0].clone(), limit.into());
            headers.insert(names[1].clone(), remaining.into());
            if let Ok(reset) = HeaderValue::try_from(reset) {
                headers.insert(names[2].clone(), reset);
            }
        }
        if let Some(left) = self.budget.and_then(|left| HeaderValue::try_from(left.to_string()).ok()) {
            headers.insert(BUDGET, left);
        }
    }
}

const BUDGET: HeaderName = HeaderName::from_static("x-roundhouse-budget-remaining-usd");

/// Names of the limit, what is left, and when it is whole again: of requests and of tokens.
const fn names(protocol: Protocol) -> &'static ([HeaderName; 3], [HeaderName; 3]) {
    static OPENAI: ([HeaderName; 3], [HeaderName; 3]) = (
        [
            HeaderName::from_static("x-ratelimit-limit-requests"),
            HeaderName::from_static("x-ratelimit-remaining-requests"),
            HeaderName::from_static("x-ratelimit-reset-requests"),
        ],
        [
            HeaderName::from_static("x-ratelimit-limit-tokens"),
            HeaderName::from_static("x-ratelimit-remaining-tokens"),
            HeaderName::from_static("x-ratelimit-reset-tokens"),
        ],
    );
    static ANTHROPIC: ([HeaderName; 3], [HeaderName; 3]) = (
        [
            HeaderName::from_static("anthropic-ratelimit-requests-limit"),
            HeaderName::from_static("anthropic-ratelimit-requests-remaining"),
            HeaderName::from_static("anthropic-ratelimit-requests-reset"),
        ],
        [
            HeaderName::from_static("anthropic-ratelimit-tokens-limit"),
            HeaderName::from_static("anthropic-ratelimit-tokens-remaining"),
            HeaderName::from_static("anthropic-ratelimit-tokens-reset"),
        ],
    );
    match protocol {
        Protocol::Anthropic => &ANTHROPIC,
        Protocol::Openai | Protocol::Gemini => &OPENAI,
    }
}

fn tightest(one: Option<Quota>, other: Option<Quota>) -> Option<Quota> {
    one.into_iter().chain(other).min_by_key(|quota| (quota.remaining, quota.limit))
}

/// The next whole second.
fn rounded(time: Timestamp) -> Timestamp {
    Timestamp::from_millis(time.as_millis().div_euclid(1_000) * 1_000 + 1_000)
}

/// As OpenAI writes it: `17ms`, `1s`, `6m0s`, `23h59m59s`.
fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) if seconds == 0 => format!("{}ms", time.as_millis()),
        (0, 0) => format!("{rest}s"),
        (0, _) => format!("{minutes}m{rest}s"),
        _ => format!("{hours}h{minutes}m{rest}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_clients_expect_them() {
        for (millis, text) in
            [(0, "0ms"), (17, "17ms"), (1_000, "1s"), (60_000, "1m0s"), (86_399_000, "23h59m59s")]
        {
            assert_eq!(duration(Duration::from_millis(millis)), text);
        }
    }
}
