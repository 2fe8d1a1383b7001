//! Models that judge texts, asked over our own routes.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap};
use http::{HeaderValue, Method};
use http_body_util::{BodyExt, Limited};
use roundhouse_domain::spec::{ModelRule, ModerationSpec};
use roundhouse_llm::Operation;
use serde::Deserialize;

use super::judge::Opinion;
use crate::access::AccessKey;
use crate::call::{Ask, Call};
use crate::gateway::Gateway;

/// Bytes of the largest judgement that is read.
const MAX_ANSWER_BYTES: usize = 4 << 20;

/// A model that judges texts.
#[derive(Debug)]
pub(super) struct Moderation {
    spec: ModerationSpec,
    /// In whose name the model is asked.
    asker: Arc<AccessKey>,
}

#[derive(Deserialize)]
struct Answer {
    results: Vec<Judged>,
}

#[derive(Deserialize)]
struct Judged {
    #[serde(default)]
    flagged: bool,
    #[serde(default)]
    categories: HashMap<String, bool>,
    #[serde(default)]
    category_scores: HashMap<String, f64>,
}

impl Moderation {
    pub(super) fn new(guardrail: &str, spec: &ModerationSpec) -> Self {
        let asker = AccessKey::internal(format!("guardrail:{guardrail}"), vec![ModelRule::All]);
        Self { spec: spec.clone(), asker: Arc::new(asker) }
    }

    /// Asks what is to become of texts.
    ///
    /// # Errors
    /// Why there is no judgement, without what was asked.
    pub(super) async fn ask(&self, gateway: &Gateway, texts: &[String]) -> Result<Opinion, String> {
        let body = serde_json::json!({ "model": self.spec.model, "input": texts }).to_string();
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        let ask = Ask::Model { operation: Operation::Moderations, model: None };
        let call = Call { ask, method: Method::POST, headers, query: None, body: Bytes::from(body) };
        let settlement = gateway
            .enter(self.asker.clone(), gateway.next_id(), None, tracing::Span::none())
            .map_err(|error| error.message)?;
        let response = gateway.call_boxed(settlement, call).await;
        let status = response.status();
        let body = Limited::new(response.into_body(), MAX_ANSWER_BYTES).collect().await;
        let body = body.map_err(|error| error.to_string())?.to_bytes();
        if !status.is_success() {
            return Err(format!("the model answered {}", status.as_u16()));
        }
        let answer: Answer = serde_json::from_slice(&body)
            .map_err(|_| "the model's answer is no list of judgements".to_owned())?;
        if answer.results.is_empty() {
            return Err("the model judged nothing".to_owned());
        }
        let is_bad = answer.results.iter().any(|judged| self.is_bad(judged));
        Ok(if is_bad { Opinion::Bad } else { Opinion::Good })
    }

    fn is_bad(&self, judged: &Judged) -> bool {
        let counts = |name: &String| self.spec.categories.as_ref().is_none_or(|names| names.contains(name));
        match (self.spec.threshold, &self.spec.categories) {
            (Some(threshold), _) => {
                judged.category_scores.iter().any(|(name, score)| *score >= threshold && counts(name))
            }
            (None, Some(_)) => judged.categories.iter().any(|(name, is_bad)| *is_bad && counts(name)),
            (None, None) => judged.flagged,
        }
    }
}
