//! Tools of the provider's that are merely offered, beside the caller's own.

use crate::generation::{Request, Tool};

/// `request` without the tools that the provider would run; none where there are none, or nothing else could be called.
///
/// Agents offer a search of the web to whoever answers, and get on without it.
pub(super) fn without_servers(request: &Request) -> Option<Request> {
    let is_server = |tool: &Tool| matches!(tool, Tool::Server(_));
    let is_own = |tool: &Tool| matches!(tool, Tool::Function(_) | Tool::Custom { .. });
    if !request.tools.iter().any(is_server) || !request.tools.iter().any(is_own) {
        return None;
    }
    let mut request = request.clone();
    request.tools.retain(|tool| !is_server(tool));
    Some(request)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::catalogue::Facts;
    use crate::convert::{Caller, Stamp, Written};
    use crate::dialect::{Dialect, Target};
    use crate::generation::Unsupported;
    use crate::{Operation, profile};
    use roundhouse_domain::spec::Family;

    fn written(dialect: Dialect, family: Family, functions: bool) -> Result<Written, Unsupported> {
        let mut tools = vec![json!({ "type": "web_search" })];
        if functions {
            tools.push(json!({ "type": "function", "name": "shell", "parameters": { "type": "object" } }));
        }
        let body = json!({ "model": "m", "input": "hi", "tools": tools }).to_string();
        let stamp = Stamp { id: "1".to_owned(), created: 0 };
        let caller = Caller::read(Operation::Responses, None, false, body.as_bytes(), stamp).unwrap();
        let (facts, profile) = (Facts::default(), profile::named("openai-compatible"));
        caller.write(dialect, &Target { family, model: "gemini-2.5-flash", profile, facts: &facts })
    }

    #[test]
    fn a_search_beside_functions_is_left_out_where_nobody_searches() {
        for (dialect, family) in [
            (Dialect::Chat, Family::OpenaiCompatible),
            (Dialect::Cohere, Family::Cohere),
            (Dialect::Gemini, Family::Gemini),
        ] {
            let written = written(dialect, family, true).unwrap();
            let body = String::from_utf8(written.body).unwrap();
            assert!(body.contains("shell") && !body.to_lowercase().contains("search"), "{dialect:?}: {body}");
            assert!(written.losses.iter().any(|(field, _)| field.starts_with("tools")), "{dialect:?}");
        }
    }

    #[test]
    fn a_search_alone_is_refused_where_nobody_searches() {
        for (dialect, family) in
            [(Dialect::Chat, Family::OpenaiCompatible), (Dialect::Cohere, Family::Cohere)]
        {
            let refused = written(dialect, family, false).unwrap_err();
            assert!(refused.param.unwrap().starts_with("tools"), "{dialect:?}");
        }
        assert!(written(Dialect::Gemini, Family::Gemini, false).unwrap().losses.is_empty());
    }
}
