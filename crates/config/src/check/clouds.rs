//! Projects, locations and regions of the clouds.

use roundhouse_domain::spec::{Family, ProviderKind, ProviderSpec};

use crate::report::Report;

/// Takes up what an address tells, where the operator did not say it.
pub(super) fn take_up(
    spec: &mut ProviderSpec,
    kind: ProviderKind,
    project: Option<String>,
    region: Option<String>,
) {
    match spec.kind.unwrap_or(kind).family() {
        Family::Vertex => {
            spec.project = spec.project.take().or(project);
            spec.location = spec.location.take().or(region);
        }
        Family::Bedrock => spec.region = spec.region.take().or(region),
        _ => {}
    }
}

/// The address of a cloud's own place, where that is known.
///
/// Sources: <https://docs.cloud.google.com/vertex-ai/generative-ai/docs/learn/locations>,
/// <https://docs.aws.amazon.com/general/latest/gr/bedrock.html>; 2026-11.
pub(super) fn address(spec: &ProviderSpec, kind: ProviderKind) -> Option<String> {
    match kind.family() {
        Family::Vertex => Some(match spec.location.as_deref() {
            None | Some("global") => "https://aiplatform.googleapis.com".to_owned(),
            Some(area @ ("us" | "eu")) => format!("https://aiplatform.{area}.rep.googleapis.com"),
            Some(location) => format!("https://{location}-aiplatform.googleapis.com"),
        }),
        Family::Bedrock => {
            let region = spec.region.as_deref()?;
            let end = if region.starts_with("cn-") { ".cn" } else { "" };
            Some(format!("https://bedrock-runtime.{region}.amazonaws.com{end}"))
        }
        _ => None,
    }
}

/// Completes the place, and reports one that is missing, that is none, or that has no effect.
pub(super) fn check(spec: &mut ProviderSpec, kind: ProviderKind, pointer: &str, report: &mut Report) {
    let family = kind.family();
    for (field, value, owner) in [
        ("project", &spec.project, Family::Vertex),
        ("location", &spec.location, Family::Vertex),
        ("region", &spec.region, Family::Bedrock),
    ] {
        let place = format!("{pointer}/{field}");
        match value {
            Some(_) if family != owner => {
                report.warn_at(&place, &format!("has no effect for the kind `{kind}`"));
            }
            Some(value) if !is_name(value) => {
                report.problem(&place, "takes letters, digits, `-`, `.`, `:` and `_` only");
            }
            _ => {}
        }
    }
    if family == Family::Bedrock && spec.region.is_none() {
        report.problem(&format!("{pointer}/region"), "must be given, since no base URL tells it");
    }
    if family == Family::Vertex {
        spec.location.get_or_insert_with(|| "global".to_owned());
    }
}

/// True for what may stand in a host name or path as it is; old projects of Google have a domain in their name.
fn is_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '_');
    !text.is_empty() && text.chars().all(allowed)
}
