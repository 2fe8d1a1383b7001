//! OpenAI's legacy completions (platform.openai.com/docs/api-reference/completions, 2026-07).

use bytes::Bytes;
use roundhouse_llm::Operation;
use serde_json::{Value, json};

use super::DemoRequest;
use super::ask::Ask;
use super::behaviour::Behaviour;
use super::chat::read;
use super::content::Content as Said;
use super::fields::{Fields, Read, missing, parse, wrong};
use super::play::{Content, Draft};
use super::reply::{Finish, Reply, reply};
use super::seed::Seed;
use super::stream::{Event, Stream, data};
use super::words::pieces;

/// More answers to all prompts together than this are refused.
const MOST_ANSWERS: usize = 128;

/// Bytes of prompts that are echoed at most.
const MOST_ECHOED_BYTES: usize = 1 << 24;

pub(super) fn answer(request: &DemoRequest<'_>, seed: &Seed) -> Read<Draft> {
    let body = parse(request.body)?;
    let fields = Fields::root(&body)?;
    let prompts = prompts(&fields)?;
    let n = read::answers(&fields)?;
    bound(&prompts, n)?;
    let mut asks = Vec::new();
    for prompt in &prompts {
        asks.push(ask(&fields, prompt, prompts.len() * n)?);
    }
    let first = asks.first().ok_or_else(|| missing("prompt"))?;
    let behaviour = Behaviour::read(request.model, &first.prompt);
    let replies: Vec<Reply> = asks.iter().map(|ask| reply(ask, &behaviour, seed)).collect();
    let usage = usage(&replies, n);
    let echoed = fields.flag("echo")?.unwrap_or(false).then_some(prompts);
    let answers = answers(replies, echoed, n);
    let head = json!({
        "id": seed.id("cmpl-", 0),
        "object": "text_completion",
        "created": seed.created_s(),
        "model": request.model,
    });
    if fields.flag("stream")?.unwrap_or(false) {
        let usage = wants_usage(&fields)?.then_some(usage);
        return Ok(Draft { behaviour, content: Content::Stream(stream(head, answers, usage)) });
    }
    Ok(Draft::json(behaviour, &whole(head, &answers, &usage)))
}

/// The texts in the order of their prompts, `n` for each, with why they end.
fn answers(replies: Vec<Reply>, echoed: Option<Vec<String>>, n: usize) -> Vec<(String, &'static str)> {
    let mut echoed = echoed.unwrap_or_default().into_iter();
    let texts = replies.into_iter().flat_map(|reply| {
        let text = echoed.next().unwrap_or_default() + &reply.text;
        std::iter::repeat_n((text, finish(&reply.finish)), n)
    });
    texts.collect()
}

fn bound(prompts: &[String], n: usize) -> Read<()> {
    let bytes: usize = prompts.iter().map(String::len).sum();
    if prompts.len().saturating_mul(n) > MOST_ANSWERS || bytes.saturating_mul(n) > MOST_ECHOED_BYTES {
        return Err(wrong("prompt", "fewer or shorter prompts for so many answers"));
    }
    Ok(())
}

fn whole(mut head: Value, answers: &[(String, &'static str)], usage: &Value) -> Value {
    let choices = answers.iter().enumerate().map(|(index, (text, finish))| choice(text, index, Some(finish)));
    head["choices"] = choices.collect();
    head["usage"] = usage.clone();
    head
}

fn stream(head: Value, answers: Vec<(String, &'static str)>, usage: Option<Value>) -> Stream {
    let with_usage = usage.is_some();
    let chunk = move |choices: Value, usage: Option<Value>| {
        let mut chunk = head.clone();
        chunk["choices"] = choices;
        if with_usage {
            chunk["usage"] = usage.unwrap_or_default();
        }
        data(&chunk)
    };
    let last = usage.map(|usage| Event::plain(chunk(json!([]), Some(usage))));
    let words = answers.into_iter().enumerate().flat_map(|(index, (text, finish))| {
        let end = (choice("", index, Some(finish)), false);
        pieces(text).map(move |piece| (choice(&piece, index, None), true)).chain([end])
    });
    let words = words.map(move |(choice, is_token)| Event { bytes: chunk(json!([choice]), None), is_token });
    let done = Event::plain(Bytes::from_static(b"data: [DONE]\n\n"));
    Stream::sse(Operation::Completions, words.chain(last).chain([done]))
}

fn choice(text: &str, index: usize, finish: Option<&str>) -> Value {
    json!({ "text": text, "index": index, "logprobs": null, "finish_reason": finish })
}

fn ask(fields: &Fields<'_>, prompt: &str, answers: usize) -> Read<Ask> {
    let mut ask = Ask::default();
    ask.user(Said::plain(prompt));
    ask.max_tokens = fields.whole("max_tokens", 0..=u64::MAX)?;
    ask.stop = read::stop(fields)?;
    ask.n = answers;
    read::sampling(fields)?;
    Ok(ask)
}

/// The prompts: a text, some texts, or tokens in their place.
fn prompts(fields: &Fields<'_>) -> Read<Vec<String>> {
    let expected = "a string, an array of strings or tokens";
    let texts = match fields.value("prompt") {
        None => return Err(missing("prompt")),
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(tokens)) if tokens.iter().all(Value::is_u64) => vec![of_tokens(tokens)],
        Some(Value::Array(prompts)) => prompts
            .iter()
            .map(|prompt| match prompt {
                Value::String(text) => Ok(text.clone()),
                Value::Array(tokens) => Ok(of_tokens(tokens)),
                _ => Err(wrong("prompt", expected)),
            })
            .collect::<Read<_>>()?,
        Some(_) => return Err(wrong("prompt", expected)),
    };
    Ok(texts)
}

/// The text that stands for token numbers, which only a tokeniser could turn back.
pub(super) fn of_tokens(tokens: &[Value]) -> String {
    tokens.iter().map(Value::to_string).collect::<Vec<_>>().join(" ")
}

fn wants_usage(fields: &Fields<'_>) -> Read<bool> {
    match fields.fields("stream_options")? {
        Some(options) => Ok(options.flag("include_usage")?.unwrap_or(false)),
        None => Ok(false),
    }
}

fn usage(replies: &[Reply], n: usize) -> Value {
    let prompt: u64 = replies.iter().map(|reply| reply.input_tokens).sum();
    let completion = replies.iter().map(|reply| reply.output_tokens).sum::<u64>() * n as u64;
    json!({ "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion })
}

const fn finish(finish: &Finish) -> &'static str {
    match finish {
        Finish::Length => "length",
        _ => "stop",
    }
}
