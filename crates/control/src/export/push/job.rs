//! Keeping other gateways in step.

use roundhouse_domain::Author;
use roundhouse_jobs::{Context, Job, JobError};
use serde::{Deserialize, Serialize};

use super::Dry;
use crate::control::Control;
use crate::export::ExportError;

/// Looks whether gateways that are kept in step still are, and makes them so.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct KeepInStep;

/// How many calls and files it took.
#[derive(Debug, Serialize)]
pub(crate) struct Kept {
    gpt_load: usize,
    uni_api: usize,
}

impl Job for KeepInStep {
    const KIND: &'static str = "export.keep_in_step";
    const MAX_ATTEMPTS: u32 = 3;

    type Services = Control;
    type Output = Kept;

    async fn run(self, control: Control, _: Context) -> Result<Kept, JobError> {
        let export = control.config().export.clone();
        let author = Author::system();
        let mut kept = Kept { gpt_load: 0, uni_api: 0 };
        if export.gpt_load.in_step {
            kept.gpt_load = control.push_gpt_load(&author, Dry::No).await.map_err(failed)?.steps.len();
        }
        if export.uni_api.in_step {
            kept.uni_api = control.push_uni_api(&author, Dry::No).await.map_err(failed)?.steps.len();
        }
        Ok(kept)
    }
}

fn failed(error: ExportError) -> JobError {
    match error {
        ExportError::NoTarget(_) | ExportError::UniApi(_) => JobError::permanent(error.to_string()),
        error => JobError::temporary(error.to_string()),
    }
}
