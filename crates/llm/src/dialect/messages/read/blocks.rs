//! Content blocks of a request.

use std::cell::LazyCell;

use serde_json::Value;

use super::citation;
use crate::BodyError;
use crate::dialect::Dialect;
use crate::generation::object::Object;
use crate::generation::{
    CacheHint, Issuer, Media, MediaKind, Native, Part, Signature, Source, Text, Thought, ToolCall,
    ToolResult, call_id,
};

/// Reads a text or an array of blocks, which stands at `path`.
pub(super) fn content(content: Value, path: impl FnOnce() -> String) -> Result<Vec<Part>, BodyError> {
    let path = LazyCell::new(path);
    let blocks = match content {
        Value::String(text) => return Ok(vec![Part::text(text)]),
        Value::Array(blocks) => blocks,
        _ => {
            let message = format!("`{}` must be a string or an array of blocks", *path);
            return Err(BodyError::field(&path, message));
        }
    };
    let read = |(index, mut value)| match plain_text(&mut value) {
        Some(text) => Ok(Part::text(text)),
        None => block(value, &format!("{}[{index}]", *path)),
    };
    blocks.into_iter().enumerate().map(read).collect()
}

/// Reads `cache_control`.
pub(super) fn cache(block: &mut Object) -> Result<Option<CacheHint>, BodyError> {
    // Most blocks have none, and the path of a field costs more than the look.
    if block.get("cache_control").is_none() {
        return Ok(None);
    }
    let Some(mut control) = block.object("cache_control")? else { return Ok(None) };
    Ok(Some(CacheHint { ttl: control.text("ttl")? }))
}

/// The text of a block that has nothing else, as most have.
fn plain_text(block: &mut Value) -> Option<String> {
    let fields = block.as_object_mut().filter(|fields| fields.len() == 2)?;
    fields.get("type").filter(|kind| *kind == "text")?;
    match fields.get_mut("text")? {
        Value::String(text) => Some(std::mem::take(text)),
        _ => None,
    }
}

fn block(value: Value, path: &str) -> Result<Part, BodyError> {
    let Some(kind) = value["type"].as_str() else {
        let field = format!("{path}.type");
        return Err(BodyError::field(&field, format!("the field `{field}` is missing")));
    };
    match kind {
        "text" => text(Object::new(value, path)?),
        "image" => image(Object::new(value, path)?),
        "document" => document(value, path),
        "thinking" => thinking(Object::new(value, path)?),
        "redacted_thinking" => {
            let data = Object::new(value, path)?.required_text("data")?;
            let signature = Some(Signature::opened(&data, Issuer::Anthropic));
            Ok(Part::Thought(Thought { is_redacted: true, signature, ..Thought::default() }))
        }
        "tool_use" if is_plain_call(&value) => call(Object::new(value, path)?),
        "tool_result" if value["toolset_name"].is_null() => result(Object::new(value, path)?),
        "tool_reference" => {
            let text =
                format!("The tool `{}` can be called now.", value["tool_name"].as_str().unwrap_or_default());
            Ok(citation::standing(value, text))
        }
        "search_result" => {
            let lines =
                [value["title"].as_str().map(str::to_owned), value["source"].as_str().map(str::to_owned)];
            let text =
                lines.into_iter().flatten().chain(texts(&value["content"])).collect::<Vec<_>>().join("\n");
            Ok(citation::standing(value, text))
        }
        "compaction" if value["content"].is_string() => {
            let text = value["content"].as_str().unwrap_or_default().to_owned();
            Ok(citation::standing(value, text))
        }
        _ => Ok(Part::Native(Native { dialect: Dialect::Messages, value })),
    }
}

/// Calls of toolsets, and those that the provider's own code made, are only understood here.
pub(in super::super) fn is_plain_call(value: &Value) -> bool {
    value["toolset_name"].is_null() && matches!(value["caller"]["type"].as_str(), None | Some("direct"))
}

fn text(mut block: Object) -> Result<Part, BodyError> {
    let cache = cache(&mut block)?;
    let citations = block.array("citations")?.into_iter().map(citation::read).collect();
    Ok(Part::Text(Text { text: block.required_text("text")?, citations, cache, ..Text::default() }))
}

fn image(mut block: Object) -> Result<Part, BodyError> {
    let cache = cache(&mut block)?;
    let source = block.object("source")?.ok_or_else(|| block.missing("source"))?;
    let source = self::source(source, None)?;
    Ok(Part::Media(Media { cache, extra: block.rest(), ..Media::new(MediaKind::Image, source) }))
}

fn document(value: Value, path: &str) -> Result<Part, BodyError> {
    if value["source"]["type"] == "content" {
        let content = &value["source"]["content"];
        let has_images =
            content.as_array().is_some_and(|list| list.iter().any(|block| block["type"] != "text"));
        if has_images {
            return Ok(Part::Native(Native { dialect: Dialect::Messages, value }));
        }
        let title = value["title"].as_str().map(str::to_owned);
        let text = title.into_iter().chain(texts(content)).collect::<Vec<_>>().join("\n");
        return Ok(citation::standing(value, text));
    }
    let mut block = Object::new(value, path)?;
    let cache = cache(&mut block)?;
    let name = block.text("title")?;
    let source = block.object("source")?.ok_or_else(|| block.missing("source"))?;
    let source = self::source(source, Some("application/pdf"))?;
    Ok(Part::Media(Media { name, cache, extra: block.rest(), ..Media::new(MediaKind::Document, source) }))
}

fn source(mut source: Object, mime: Option<&str>) -> Result<Source, BodyError> {
    Ok(match source.required_text("type")?.as_str() {
        "base64" => {
            Source::Bytes { mime: source.required_text("media_type")?, data: source.required_text("data")? }
        }
        "text" => Source::Text(source.required_text("data")?),
        "file" => Source::File { id: source.required_text("file_id")?, mime: None },
        "url" => {
            let mut url = source.required_text("url")?;
            let inline = url.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,"));
            match inline.map(|(mime, data)| (mime.to_owned(), url.len() - data.len())) {
                Some((mime, start)) => {
                    // In place: the bytes can be many.
                    url.drain(..start);
                    Source::Bytes { mime, data: url }
                }
                None => Source::Url { url, mime: mime.map(str::to_owned) },
            }
        }
        _ => return Err(source.invalid("type", "`base64`, `text`, `url`, `file` or `content`")),
    })
}

fn thinking(mut block: Object) -> Result<Part, BodyError> {
    let signature = block.text("signature")?.filter(|text| !text.is_empty());
    Ok(Part::Thought(Thought {
        text: block.text("thinking")?.unwrap_or_default(),
        signature: signature.map(|text| Signature::opened(&text, Issuer::Anthropic)),
        ..Thought::default()
    }))
}

fn call(mut block: Object) -> Result<Part, BodyError> {
    let (id, signature) = call_id::unpack(&block.required_text("id")?);
    let arguments = block.take("input").map_or_else(|| "{}".to_owned(), |input| input.to_string());
    Ok(Part::ToolCall(ToolCall {
        id,
        name: block.required_text("name")?,
        arguments,
        signature,
        cache: cache(&mut block)?,
        ..ToolCall::default()
    }))
}

fn result(mut block: Object) -> Result<Part, BodyError> {
    let (call_id, _) = call_id::unpack(&block.required_text("tool_use_id")?);
    let said = block.take("content");
    Ok(Part::ToolResult(ToolResult {
        call_id,
        parts: said.map_or(Ok(Vec::new()), |said| content(said, || block.path("content")))?,
        is_error: block.flag("is_error")?.unwrap_or_default(),
        cache: cache(&mut block)?,
        ..ToolResult::default()
    }))
}

/// The texts of a string or of text blocks.
fn texts(content: &Value) -> Vec<String> {
    match content {
        Value::String(text) => vec![text.clone()],
        Value::Array(blocks) => {
            blocks.iter().filter_map(|block| block["text"].as_str()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}
