//! What an upstream's failure means: one pure function from what was seen to what follows.

use std::time::Duration;

use roundhouse_llm::errors::UpstreamError;

/// What was seen of an attempt that did not go well.
#[derive(Clone, Copy, Debug)]
pub struct Failure<'a> {
    /// How it showed.
    pub sign: Sign,
    /// What the upstream said, where it said anything.
    pub error: Option<&'a UpstreamError>,
    /// How long the upstream asks to wait.
    pub retry_after: Option<Duration>,
}

/// How a failure showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// An answer with an error status.
    Status(u16),
    /// An error inside an answer with status 200, with the status it stands for where that can be told.
    Inside(Option<u16>),
    /// An answer with nothing in it, or one that cannot be read.
    Empty,
    /// The answer began and broke off before anything was passed on.
    CutShort,
    /// No connection could be made, or it broke before an answer.
    Transport,
    /// No answer in time.
    Timeout,
    /// It was never asked: what the caller wants cannot be said in its dialect.
    Unfit,
}

/// What follows from a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The caller's own fault: the answer is passed on, nobody is punished, nothing is retried.
    CallerFault,
    /// The key rests, as long as the provider says, or growing.
    RateLimited(Option<Duration>),
    /// The key rests for hours.
    QuotaExhausted,
    /// The credential was refused: a probe confirms it, then the key is invalid.
    CredentialRefused,
    /// The failure counts against the key.
    Forbidden,
    /// This provider does not have the model: another may; the key is not to blame.
    ModelMissing,
    /// This provider cannot be told what the caller wants: another may; nobody is to blame.
    Unfit,
    /// The provider failed: another key or provider; counts for the breaker.
    ProviderFault,
}

impl Verdict {
    /// A short stable name for logs and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CallerFault => "caller_fault",
            Self::RateLimited(_) => "rate_limited",
            Self::QuotaExhausted => "quota_exhausted",
            Self::CredentialRefused => "credential_refused",
            Self::Forbidden => "forbidden",
            Self::ModelMissing => "model_missing",
            Self::Unfit => "unfit",
            Self::ProviderFault => "provider_fault",
        }
    }
}

/// Codes and texts, in lower case, that say a key's quota or balance is used up: it takes hours or money to come back.
///
/// Sources: OpenAI error codes `insufficient_quota`, `billing_hard_limit_reached`, `billing_not_active`; Anthropic
/// "credit balance is too low"; `DeepSeek` "insufficient balance"; `OpenRouter` "insufficient credits"; Chinese providers'
/// texts for balance and arrears (provider pages, 2026-11).
const QUOTA_TEXTS: &[&str] = &[
    "insufficient_quota",
    "billing_hard_limit_reached",
    "billing_not_active",
    "credit balance is too low",
    "insufficient balance",
    "insufficient credits",
    "insufficient_user_quota",
    "out of credits",
    "payment required",
    "余额不足",
    "欠费",
];

/// Texts that say a quota is used up unless the answer also says when to come back.
const VAGUE_QUOTA_TEXTS: &[&str] = &["exceeded your current quota", "quota exceeded", "usage limit"];

/// Codes and texts that say the credential itself is bad, whatever the status: Google answers 400 for it
/// (`API_KEY_INVALID`, Gemini API troubleshooting page, 2026-11).
const CREDENTIAL_TEXTS: &[&str] =
    &["api_key_invalid", "api key not valid", "api key expired", "invalid_api_key", "incorrect api key"];

/// Texts of a 403 that is about what was asked, not about the key: moderation and content filters.
const CONTENT_TEXTS: &[&str] =
    &["content_filter", "content_policy", "moderation", "flagged", "prohibited_content"];

/// Decides what a failure means. `provider_fault_texts` are the operator's texts, any case, that turn a caller's fault
/// into the provider's.
pub fn judge(failure: &Failure<'_>, provider_fault_texts: &[String]) -> Verdict {
    match failure.sign {
        Sign::Status(status) | Sign::Inside(Some(status)) => {
            judge_status(status, failure, provider_fault_texts)
        }
        Sign::Unfit => Verdict::Unfit,
        Sign::Inside(None) => judge_text(failure).unwrap_or(Verdict::ProviderFault),
        Sign::Empty | Sign::CutShort | Sign::Transport | Sign::Timeout => Verdict::ProviderFault,
    }
}

fn judge_status(status: u16, failure: &Failure<'_>, provider_fault_texts: &[String]) -> Verdict {
    if let Some(verdict) = judge_text(failure) {
        return verdict;
    }
    match status {
        401 => Verdict::CredentialRefused,
        402 => Verdict::QuotaExhausted,
        403 if says(failure, CONTENT_TEXTS) => Verdict::CallerFault,
        403 => Verdict::Forbidden,
        404 | 410 => Verdict::ModelMissing,
        429 => Verdict::RateLimited(failure.retry_after),
        408 | 425 | 499 => Verdict::ProviderFault,
        400..=499 if says_any(failure, provider_fault_texts) => Verdict::ProviderFault,
        400..=499 => Verdict::CallerFault,
        _ => Verdict::ProviderFault,
    }
}

fn judge_text(failure: &Failure<'_>) -> Option<Verdict> {
    if matches!(failure.sign, Sign::Status(500..)) {
        return None;
    }
    if says(failure, CREDENTIAL_TEXTS) {
        return Some(Verdict::CredentialRefused);
    }
    let vague = failure.retry_after.is_none() && says(failure, VAGUE_QUOTA_TEXTS);
    (vague || says(failure, QUOTA_TEXTS)).then_some(Verdict::QuotaExhausted)
}

fn says(failure: &Failure<'_>, texts: &[&str]) -> bool {
    let Some(error) = failure.error else { return false };
    let said = [Some(error.message.as_str()), error.code.as_deref(), error.kind.as_deref()];
    said.into_iter().flatten().any(|said| {
        let said = said.to_lowercase();
        texts.iter().any(|text| said.contains(text))
    })
}

fn says_any(failure: &Failure<'_>, texts: &[String]) -> bool {
    let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    says(failure, &texts.iter().map(String::as_str).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: &str, message: &str) -> UpstreamError {
        UpstreamError { status: None, message: message.into(), code: Some(code.into()), kind: None }
    }

    fn judged(sign: Sign, error: Option<&UpstreamError>, retry_after: Option<u64>) -> Verdict {
        let texts = ["Model is Overloaded".to_owned()];
        judge(&Failure { sign, error, retry_after: retry_after.map(Duration::from_secs) }, &texts)
    }

    #[test]
    fn every_status_has_one_meaning() {
        let table = [
            (400, Verdict::CallerFault),
            (401, Verdict::CredentialRefused),
            (402, Verdict::QuotaExhausted),
            (403, Verdict::Forbidden),
            (404, Verdict::ModelMissing),
            (405, Verdict::CallerFault),
            (408, Verdict::ProviderFault),
            (409, Verdict::CallerFault),
            (410, Verdict::ModelMissing),
            (413, Verdict::CallerFault),
            (415, Verdict::CallerFault),
            (422, Verdict::CallerFault),
            (425, Verdict::ProviderFault),
            (429, Verdict::RateLimited(None)),
            (499, Verdict::ProviderFault),
            (500, Verdict::ProviderFault),
            (501, Verdict::ProviderFault),
            (502, Verdict::ProviderFault),
            (503, Verdict::ProviderFault),
            (504, Verdict::ProviderFault),
            (520, Verdict::ProviderFault),
            (529, Verdict::ProviderFault),
            (302, Verdict::ProviderFault),
        ];
        for (status, verdict) in table {
            assert_eq!(judged(Sign::Status(status), None, None), verdict, "{status}");
        }
    }

    #[test]
    fn failures_without_a_status_are_the_providers() {
        for sign in [Sign::Transport, Sign::Timeout, Sign::Empty, Sign::CutShort, Sign::Inside(None)] {
            assert_eq!(judged(sign, None, None), Verdict::ProviderFault, "{sign:?}");
        }
    }

    #[test]
    fn an_error_inside_a_success_counts_as_the_status_it_stands_for() {
        assert_eq!(
            judged(Sign::Inside(Some(429)), None, Some(3)),
            Verdict::RateLimited(Some(Duration::from_secs(3)))
        );
        assert_eq!(judged(Sign::Inside(Some(400)), None, None), Verdict::CallerFault);
        assert_eq!(judged(Sign::Inside(Some(529)), None, None), Verdict::ProviderFault);
    }

    #[test]
    fn texts_tell_a_quota_from_a_rate_limit() {
        let openai = error("insufficient_quota", "You exceeded your current quota, please check your plan");
        assert_eq!(judged(Sign::Status(429), Some(&openai), None), Verdict::QuotaExhausted);
        let google =
            error("429", "You exceeded your current quota, please check your plan and billing details");
        let advised = judged(Sign::Status(429), Some(&google), Some(17));
        assert_eq!(advised, Verdict::RateLimited(Some(Duration::from_secs(17))));
        let anthropic = error("invalid_request_error", "Your credit balance is too low to access the API");
        assert_eq!(judged(Sign::Status(400), Some(&anthropic), None), Verdict::QuotaExhausted);
        let chinese = error("1113", "您的账户余额不足，请充值");
        assert_eq!(judged(Sign::Status(400), Some(&chinese), None), Verdict::QuotaExhausted);
    }

    #[test]
    fn a_bad_credential_is_one_whatever_the_status() {
        let google = error("400", "API key not valid. Please pass a valid API key.");
        assert_eq!(judged(Sign::Status(400), Some(&google), None), Verdict::CredentialRefused);
    }

    #[test]
    fn content_filters_never_punish() {
        let azure = error("content_filter", "The response was filtered");
        assert_eq!(judged(Sign::Status(400), Some(&azure), None), Verdict::CallerFault);
        let openrouter = error("403", "Your input was flagged by moderation");
        assert_eq!(judged(Sign::Status(403), Some(&openrouter), None), Verdict::CallerFault);
    }

    #[test]
    fn the_operators_texts_turn_the_blame() {
        let overloaded = error("bad_request", "the MODEL IS OVERLOADED, try later");
        assert_eq!(judged(Sign::Status(400), Some(&overloaded), None), Verdict::ProviderFault);
        assert_eq!(judged(Sign::Status(422), Some(&overloaded), None), Verdict::ProviderFault);
    }

    #[test]
    fn a_providers_own_trouble_is_not_blamed_on_a_key() {
        let odd = error("internal", "upstream says: invalid_api_key");
        assert_eq!(judged(Sign::Status(500), Some(&odd), None), Verdict::ProviderFault);
    }
}
