//! Every single setting: what an environment variable can set, and what the reference page lists.

use serde_json::Value;

use super::Shape;
use crate::report::child;

/// What begins the name of every variable of ours.
const PREFIX: &str = "ROUNDHOUSE_";

/// One setting that is no list of declared things.
#[derive(Debug)]
pub(crate) struct Field<'a> {
    /// Where it stands in the file.
    pub(crate) pointer: String,
    /// The variable that sets it.
    pub(crate) variable: String,
    /// What may stand there, as written at the place.
    pub(crate) shape: Shape<'a>,
}

/// Every setting of `schema` that an environment variable can set, in the order of the file.
pub(crate) fn fields(schema: &Value) -> Vec<Field<'_>> {
    let mut out = Vec::new();
    collect(Shape::root(schema), "", PREFIX, &mut out);
    out
}

fn collect<'a>(shape: Shape<'a>, pointer: &str, prefix: &str, out: &mut Vec<Field<'a>>) {
    for key in shape.properties().into_iter().flatten().map(|(key, _)| key) {
        let Some(member) = shape.member(key) else { continue };
        let pointer = child(pointer, key);
        let variable = format!("{prefix}{}", key.to_uppercase());
        let object = member.resolved();
        if object.properties().is_some() {
            collect(object, &pointer, &format!("{variable}__"), out);
        } else if !is_declared_list(member) {
            out.push(Field { pointer, variable, shape: member });
        }
    }
}

/// True for lists of objects (`providers`): they are declared in the file.
fn is_declared_list(shape: Shape<'_>) -> bool {
    shape.entry().is_some_and(|entry| entry.resolved().properties().is_some())
}
