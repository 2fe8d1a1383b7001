//! Services that judge texts.

use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request, Uri};
use roundhouse_domain::spec::{EndpointSpec, Stage};
use roundhouse_outbound::{Guard, Outbound, Tls};
use serde::{Deserialize, Serialize};

use super::judge::{Opinion, Subject};

/// Bytes of the largest judgement that is read.
const MAX_ANSWER_BYTES: u64 = 16 << 20;

/// A service that judges texts. Whoever may declare one may also declare providers: its address needs no guard.
#[derive(Debug)]
pub(super) struct Endpoint {
    url: Uri,
    authorization: Option<HeaderValue>,
    client: Outbound,
}

#[derive(Serialize)]
struct Question<'a> {
    stage: Stage,
    guardrail: &'a str,
    model: &'a str,
    access_key: &'a str,
    texts: &'a [String],
}

#[derive(Deserialize)]
struct Answer {
    action: Action,
    #[serde(default)]
    texts: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Allow,
    Block,
    Mask,
}

impl Endpoint {
    pub(super) fn new(spec: &EndpointSpec, tls: &Tls, timeout: Duration) -> Result<Self, String> {
        let url: Uri = spec.url.parse().map_err(|_| "the endpoint's `url` is no address".to_owned())?;
        if !matches!(url.scheme_str(), Some("http" | "https")) || url.host().is_none() {
            return Err("the endpoint's `url` must begin with http:// or https://".to_owned());
        }
        let authorization = spec.token.as_ref().map(|token| {
            let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose()))
                .map_err(|_| "the endpoint's `token` has characters that headers cannot carry".to_owned())?;
            value.set_sensitive(true);
            Ok::<_, String>(value)
        });
        let client = Outbound::new(tls, Guard::none(), timeout, MAX_ANSWER_BYTES)
            .map_err(|error| error.to_string())?;
        Ok(Self { url, authorization: authorization.transpose()?, client })
    }

    /// Asks what is to become of texts.
    ///
    /// # Errors
    /// Why there is no judgement, without what was asked.
    pub(super) async fn ask(
        &self,
        guardrail: &str,
        subject: &Subject<'_>,
        texts: &[String],
    ) -> Result<Opinion, String> {
        let (stage, model, access_key) = (subject.stage, subject.model, subject.access_key);
        let question = Question { stage, guardrail, model, access_key, texts };
        let body = serde_json::to_vec(&question).map_err(|error| error.to_string())?;
        let mut request = Request::post(self.url.clone()).header(CONTENT_TYPE, "application/json");
        if let Some(value) = &self.authorization {
            request = request.header(AUTHORIZATION, value);
        }
        let request = request.body(Bytes::from(body)).map_err(|error| error.to_string())?;
        let response = self.client.send(request).await.map_err(|error| error.to_string())?;
        if !response.status().is_success() {
            return Err(format!("the service answered {}", response.status().as_u16()));
        }
        let answer: Answer = serde_json::from_slice(response.body())
            .map_err(|_| "the service's answer is not the JSON that was expected".to_owned())?;
        match (answer.action, answer.texts) {
            (Action::Allow, _) => Ok(Opinion::Good),
            (Action::Block, _) => Ok(Opinion::Bad),
            (Action::Mask, Some(masked)) if masked.len() == texts.len() => Ok(Opinion::Better(masked)),
            (Action::Mask, _) => Err("the service masked without as many `texts` as it was sent".to_owned()),
        }
    }
}
