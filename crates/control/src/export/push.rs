//! Writing to gateways that are kept beside this one.

mod file;
mod job;

use std::time::Duration;

use http::Method;
use roundhouse_config::UniApiConfig;
use roundhouse_domain::Author;
use roundhouse_interchange::{Effective, Note, Remote, Variables, gpt_load, uni_api};
use roundhouse_outbound::{Guard, Outbound, Tls};
use serde_json::{Map, Value, json};

pub(crate) use self::job::KeepInStep;
use super::ExportError;
use crate::control::Control;

/// Time for one call of another gateway.
const TIMEOUT: Duration = Duration::from_mins(1);
/// The most bytes of one answer.
const MAX_BYTES: u64 = 64 << 20;
/// Fields of uni-api's configuration that its interface takes.
const TAKEN: [&str; 3] = ["providers", "api_keys", "preferences"];

/// Whether something is done, or only said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dry {
    /// It is only said.
    Run,
    /// It is done.
    No,
}

/// What was written to another gateway, or would be.
#[derive(Clone, Debug, Default)]
pub struct Pushed {
    /// Calls or files, one line each; none when it is as it should be.
    pub steps: Vec<String>,
    /// What has no counterpart there.
    pub notes: Vec<Note>,
}

/// A client for the gateways that the operator named.
pub fn outbound(guard: Guard) -> Result<Outbound, ExportError> {
    Outbound::new(&Tls::default(), guard, TIMEOUT, MAX_BYTES)
        .map_err(|error| ExportError::Tls(error.to_string()))
}

impl Control {
    /// Makes the configured gpt-load what is in force here.
    pub async fn push_gpt_load(&self, author: &Author, dry: Dry) -> Result<Pushed, ExportError> {
        let target = self.config().export.gpt_load.clone();
        let (Some(url), Some(key)) = (target.url, target.auth_key) else {
            return Err(ExportError::NoTarget(
                "set export.gpt_load.url and auth_key (GPT_LOAD_URL, GPT_LOAD_AUTH_KEY)",
            ));
        };
        let remote = Remote::new(outbound(Guard::none())?, &url, key)?;
        let plan = gpt_load::plan(&remote, &self.effective().await?).await?;
        if dry == Dry::No && !plan.steps.is_empty() {
            self.note_export(author, "gpt-load", true).await?;
            plan.carry_out(&remote).await?;
        }
        Ok(Pushed { steps: plan.steps.iter().map(ToString::to_string).collect(), notes: plan.notes })
    }

    /// Makes the configured uni-api what is in force here: through its file where that is set, else through its interface.
    pub async fn push_uni_api(&self, author: &Author, dry: Dry) -> Result<Pushed, ExportError> {
        let target = self.config().export.uni_api.clone();
        let effective = self.effective().await?;
        let pushed = match &target.file {
            Some(path) => file::write(path, &effective, self.now(), dry).await?,
            None => push_by_call(&target, &effective, dry).await?,
        };
        if dry == Dry::No && !pushed.steps.is_empty() {
            self.note_export(author, "uni-api", true).await?;
        }
        Ok(pushed)
    }
}

async fn push_by_call(target: &UniApiConfig, effective: &Effective, dry: Dry) -> Result<Pushed, ExportError> {
    let (Some(url), Some(key)) = (&target.url, &target.api_key) else {
        return Err(ExportError::NoTarget("set export.uni_api.file, or url (UNI_API_URL) and api_key"));
    };
    let remote = Remote::new(outbound(Guard::none())?, url, key.clone())?;
    let answer = remote.call(Method::GET, "/v1/api_config", None).await?;
    // Some versions put it into an envelope.
    let there = answer.get("api_config").cloned().unwrap_or(answer);
    let written = uni_api::write(effective, Some(there.to_string().as_bytes()), &Variables::default())?;
    let mut body = Map::new();
    for field in TAKEN {
        let (ours, theirs) = (written.value.get(field), there.get(field));
        if let Some(ours) = ours.filter(|ours| Some(*ours) != theirs) {
            body.insert(field.to_owned(), ours.clone());
        }
    }
    let mut steps = Vec::new();
    if !body.is_empty() {
        let fields: Vec<&str> = body.keys().map(String::as_str).collect();
        steps.push(format!("POST /v1/api_config/update: change {}", fields.join(", ")));
        if dry == Dry::No {
            remote.call(Method::POST, "/v1/api_config/update", Some(&json!(Value::Object(body)))).await?;
        }
    }
    Ok(Pushed { steps, notes: written.notes })
}
