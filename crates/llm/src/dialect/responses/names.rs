//! Tools in namespaces, which every other dialect knows under one name.
//!
//! Source: <https://platform.openai.com/docs/guides/function-calling> and the types `NamespaceTool` and
//! `ResponseFunctionToolCall` of the official SDKs, 2026-11.

use serde_json::Value;

/// What stands between a namespace and a name, unless the namespace ends with an underscore (as Codex's `mcp__server__`).
const BETWEEN: &str = "__";

/// The one name of the tool `name` in `namespace`.
pub(super) fn joined(namespace: Option<&str>, name: String) -> String {
    match namespace {
        None | Some("") => name,
        Some(namespace) if namespace.ends_with('_') => format!("{namespace}{name}"),
        Some(namespace) => format!("{namespace}{BETWEEN}{name}"),
    }
}

/// The namespace and the name that were joined, by the caller's `tools`; none where the tool is in no namespace.
pub(super) fn split<'a>(tools: Option<&'a Value>, joined: &'a str) -> Option<(&'a str, &'a str)> {
    tools?.as_array()?.iter().filter(|tool| tool["type"] == "namespace").find_map(|tool| {
        let namespace = tool["name"].as_str()?;
        let rest = joined.strip_prefix(namespace)?;
        let name = if namespace.ends_with('_') { rest } else { rest.strip_prefix(BETWEEN)? };
        let is_known = tool["tools"].as_array()?.iter().any(|inner| inner["name"] == name);
        is_known.then_some((namespace, name))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_in_namespaces_come_apart_as_they_were_joined() {
        let tools = json!([
            { "type": "function", "name": "crm__list" },
            { "type": "namespace", "name": "crm", "tools": [{ "type": "function", "name": "get" }] },
            { "type": "namespace", "name": "mcp__x__", "tools": [{ "type": "custom", "name": "run" }] },
        ]);
        for (namespace, name, one) in [("crm", "get", "crm__get"), ("mcp__x__", "run", "mcp__x__run")] {
            assert_eq!(joined(Some(namespace), name.to_owned()), one);
            assert_eq!(split(Some(&tools), one), Some((namespace, name)));
        }
        assert_eq!(joined(None, "list".to_owned()), "list");
        assert_eq!(split(Some(&tools), "crm__list"), None);
        assert_eq!(split(None, "crm__get"), None);
    }
}
