//! Guardrails that people configure.

use roundhouse_config::Source;
use roundhouse_domain::Author;
use roundhouse_domain::spec::{GuardrailSpec, Stage};
use roundhouse_gateway::guardrails::Judgement;
use serde_json::Value;

use crate::changes::ChangeError;
use crate::control::Control;
use crate::objects::ObjectKind;

/// A guardrail, and where it comes from.
#[derive(Clone, Debug)]
pub struct ListedGuardrail {
    /// What it looks for.
    pub spec: GuardrailSpec,
    /// Where it stands.
    pub source: Source,
}

impl Control {
    /// All guardrails, in the order they look.
    pub fn list_guardrails(&self) -> Vec<ListedGuardrail> {
        let config = self.config();
        let source =
            |name: &str| config.sources.entry("guardrails", name).cloned().unwrap_or(Source::Console);
        let listed =
            |spec: &GuardrailSpec| ListedGuardrail { source: source(spec.name.as_str()), spec: spec.clone() };
        config.declared.guardrails.iter().map(listed).collect()
    }

    /// One guardrail.
    pub fn get_guardrail(&self, name: &str) -> Result<ListedGuardrail, ChangeError> {
        let mut all = self.list_guardrails().into_iter();
        all.find(|listed| listed.spec.name.as_str() == name).ok_or(ChangeError::NotFound)
    }

    /// Adds a guardrail, which looks after all others.
    pub async fn create_guardrail(
        &self,
        author: &Author,
        mut body: Value,
    ) -> Result<ListedGuardrail, ChangeError> {
        let Value::Object(fields) = &mut body else {
            return Err(ChangeError::field("", "must be an object"));
        };
        let name = fields.shift_remove("name").and_then(|name| name.as_str().map(str::to_owned));
        let name = name
            .filter(|name| !name.is_empty())
            .ok_or_else(|| ChangeError::field("name", "must be given"))?;
        self.require_undeclared(&name)?;
        let summary = format!("add guardrail {name}");
        self.change(author, &summary, |draft| draft.insert(ObjectKind::Guardrail, &name, body).map(|_| ()))
            .await?;
        self.get_guardrail(&name)
    }

    /// Changes a guardrail by a JSON merge patch.
    pub async fn update_guardrail(
        &self,
        author: &Author,
        name: &str,
        patch: &Value,
    ) -> Result<ListedGuardrail, ChangeError> {
        self.require_undeclared(name)?;
        if patch.get("name").is_some_and(|given| given.as_str() != Some(name)) {
            return Err(ChangeError::field("name", "cannot be changed; make another guardrail"));
        }
        let mut patch = patch.clone();
        if let Value::Object(fields) = &mut patch {
            fields.shift_remove("name");
        }
        let summary = format!("change guardrail {name}");
        self.change(author, &summary, |draft| draft.patch(ObjectKind::Guardrail, name, &patch).map(|_| ()))
            .await?;
        self.get_guardrail(name)
    }

    /// Removes a guardrail.
    pub async fn delete_guardrail(&self, author: &Author, name: &str) -> Result<(), ChangeError> {
        self.require_undeclared(name)?;
        let summary = format!("remove guardrail {name}");
        self.change(author, &summary, |draft| {
            if draft.delete(ObjectKind::Guardrail, name) { Ok(()) } else { Err(ChangeError::NotFound) }
        })
        .await
    }

    /// What all guardrails, or the one of that name, make of a text.
    pub async fn test_guardrails(
        &self,
        name: Option<&str>,
        stage: Stage,
        text: String,
    ) -> Result<Judgement, ChangeError> {
        self.gateway().test_guardrails(name, stage, text).await.ok_or(ChangeError::NotFound)
    }

    fn require_undeclared(&self, name: &str) -> Result<(), ChangeError> {
        let place = match self.config().sources.entry("guardrails", name) {
            None | Some(Source::Console) => return Ok(()),
            Some(Source::File { line }) => format!("line {line} of the configuration file"),
            Some(Source::Environment { name }) => name.clone(),
        };
        Err(ChangeError::Declared(name.to_owned(), place))
    }
}
