//! Sources of uni-load-improved, as its documents describe them: `{name, base_url, api_key, enabled, priority}`.

use roundhouse_domain::Secret;
use serde_json::{Map, Value};

use crate::configuration::{Imported, ProviderKey};
use crate::error::ReadError;
use crate::fields::{Fields, text as field, truth, whole, words};
use crate::names::Names;
use crate::note::Notes;
use crate::text;
use crate::variables::Variables;

/// Lists that sources are found in, when they are not the whole file.
const LISTS: [&str; 4] = ["items", "api_sources", "sources", "data"];

/// Reads sources: the answer of its `GET /api/v1/api-sources`, or a file with such a list.
pub fn read(bytes: &[u8], variables: &Variables) -> Result<Imported, ReadError> {
    let value = text::value(bytes)?;
    let items = match &value {
        Value::Array(items) => Some(items),
        Value::Object(root) => LISTS.iter().find_map(|list| root.get(*list)?.as_array()),
        _ => None,
    };
    let items = items.ok_or_else(|| {
        ReadError::shape("sources", "expected a list of sources with name, base_url and api_key")
    })?;
    let (mut imported, mut notes, mut names) = (Imported::default(), Notes::default(), Names::default());
    for (index, item) in items.iter().enumerate() {
        let place = format!("sources[{index}]");
        match item.as_object() {
            Some(source) => read_source(source, &place, variables, (&mut imported, &mut notes, &mut names)),
            None => notes.skip(place, "must be an object; it is left out"),
        }
    }
    imported.notes = notes.finish();
    Ok(imported)
}

fn read_source(
    source: &Map<String, Value>,
    place: &str,
    variables: &Variables,
    (imported, notes, names): (&mut Imported, &mut Notes, &mut Names),
) {
    let (Some(theirs), Some(url)) = (field(source, "name"), field(source, "base_url")) else {
        return notes.skip(place, "needs a name and a base_url; it is left out");
    };
    let name = names.take(theirs);
    let mut fields = Fields::named(&name);
    fields.put("base_url", url.trim_end_matches('/'));
    if source.get("enabled").and_then(truth) == Some(false) {
        fields.put("enabled", false);
    }
    // A lower number is preferred there, as a lower tier is here.
    fields.put("tier", source.get("priority").and_then(whole).map(|tier| tier.min(1_000)));
    match variables.expand(field(source, "api_key").unwrap_or_default()) {
        Ok(keys) => {
            let keys: Vec<_> = words(&keys).map(|key| ProviderKey::active(Secret::from(key))).collect();
            imported.configuration.add_keys(&name, keys);
        }
        Err(variable) => notes.skip(
            format!("{place}.api_key"),
            format!("names the variable {variable}, which is not set here"),
        ),
    }
    imported.configuration.document.push("providers", fields.0);
}
