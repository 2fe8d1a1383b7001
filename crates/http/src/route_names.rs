//! Models' names in paths: many hold slashes, which may stand there as they are.

use http::uri::PathAndQuery;
use http::{Method, Uri};

/// Where routes are.
const BELOW: &str = "/api/v1/routes/";

/// What can be asked about a route.
const QUESTIONS: [&str; 2] = ["/explain", "/simulate"];

/// The address of a route with the slashes of its name encoded, so that the name is one part of the path; none for all others.
pub fn encode(method: &Method, uri: &Uri) -> Option<Uri> {
    let rest = uri.path().strip_prefix(BELOW)?;
    let question = QUESTIONS.into_iter().filter(|_| *method == Method::POST).find(|end| rest.ends_with(end));
    let question = question.unwrap_or_default();
    let name = rest.strip_suffix(question)?;
    if !name.contains('/') {
        return None;
    }
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    let encoded = format!("{BELOW}{}{question}{query}", name.replace('/', "%2F"));
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(encoded).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_of_names_are_encoded_and_those_of_questions_are_not() {
        let encoded =
            |method: Method, path: &str| encode(&method, &path.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(
            encoded(Method::GET, "/api/v1/routes/a/b/c?x=/"),
            Some("/api/v1/routes/a%2Fb%2Fc?x=/".into())
        );
        assert_eq!(
            encoded(Method::POST, "/api/v1/routes/a/b/explain"),
            Some("/api/v1/routes/a%2Fb/explain".into())
        );
        assert_eq!(
            encoded(Method::GET, "/api/v1/routes/a/explain"),
            Some("/api/v1/routes/a%2Fexplain".into())
        );
        for path in ["/api/v1/routes", "/api/v1/routes/a", "/api/v1/routes/a/simulate", "/api/v1/models/a/b"]
        {
            assert_eq!(encoded(Method::POST, path), None, "{path}");
        }
    }
}
