//! A task, such as embeddings, for targets that have a form of their own for it.

use std::sync::Arc;

use roundhouse_llm::generation::{Losses, Unsupported};
use roundhouse_llm::tasks::{Form, Task};
use roundhouse_llm::{BodyError, Operation};

use super::shape::content_type;
use super::{Outgoing, Path, Plan, Prepared, Unfit};
use crate::conversion::TaskConversion;
use crate::gateway::Gateway;
use crate::target::Target;

impl Prepared {
    /// The task in the form of `target`.
    pub(super) async fn task(
        &self,
        gateway: &Gateway,
        target: &Target,
        operation: Operation,
    ) -> Result<Plan, Unfit> {
        let model = self.upstream_model(target);
        let form = Form::of(operation, target.provider.kind, model)
            .ok_or_else(|| Unsupported::new("model", "this model's provider does no such work"))?;
        let task = self.read_task(operation)?;
        let urls = task.urls_to_fetch(form);
        let mut losses = Losses::default();
        let calls = if urls.is_empty() {
            task.write(form, model, &mut losses)?
        } else {
            let fetched = self.fetch(gateway, &urls).await?;
            task.with_fetched(&fetched).write(form, model, &mut losses)?
        };
        self.allow(&losses)?;
        let outgoing = calls.into_iter().map(|call| {
            let body = self.finished(target, None, call.body)?.into();
            Ok(Outgoing { body, path: Path::Wire(call.wire) })
        });
        let outgoing = outgoing.collect::<Result<Vec<_>, BodyError>>()?;
        Ok(Plan::Task(outgoing, TaskConversion::new(task.clone(), form, self.stamp(), losses)))
    }

    fn read_task(&self, operation: Operation) -> Result<&Arc<Task>, BodyError> {
        let read = self.translation.task.get_or_init(|| {
            let content_type = content_type(&self.headers);
            Task::read(operation, &self.public_model, content_type, &self.named_body()).map(Arc::new)
        });
        read.as_ref().map_err(Clone::clone)
    }
}
