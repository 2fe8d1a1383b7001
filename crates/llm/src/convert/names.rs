//! Names of tools, where a dialect allows fewer letters than the caller's.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::dialect::Dialect;
use crate::generation::{Answer, Block, Event, Part, Request, Tool, ToolChoice, call_id};

/// How the caller's tools are called in another dialect: pairs of the caller's name and the one there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(Vec<(String, String)>);

/// What a name may be.
struct Rule {
    most: usize,
    allowed: fn(u8) -> bool,
    /// Whether it must begin with a letter or `_`.
    begins_with_letter: bool,
}

impl Names {
    /// New names for those tools of `request` whose own ones `dialect` does not allow.
    pub(super) fn fit(request: &Request, dialect: Dialect) -> Self {
        let rule = rule(dialect);
        let unfit = request.tools.iter().filter_map(name).filter(|name| !rule.allows(name));
        Self(unfit.map(|name| (name.to_owned(), rule.fit(name))).collect())
    }

    /// `request` with the new names.
    pub(super) fn apply<'a>(&self, request: &'a Request) -> Cow<'a, Request> {
        if self.0.is_empty() {
            return Cow::Borrowed(request);
        }
        let there = self.0.iter().map(|(here, there)| (here.as_str(), there.as_str()));
        let there: HashMap<_, _> = there.rev().collect();
        let rename = |name: &mut String| {
            if let Some(there) = there.get(name.as_str()) {
                (*there).clone_into(name);
            }
        };
        let mut request = request.clone();
        for tool in &mut request.tools {
            match tool {
                Tool::Function(function) => rename(&mut function.name),
                Tool::Custom { name, .. } => rename(name),
                Tool::Server(_) | Tool::Native(_) => {}
            }
        }
        match &mut request.tool_choice {
            Some(ToolChoice::Named(name)) => rename(name),
            Some(ToolChoice::Allowed { names, .. }) => names.iter_mut().for_each(rename),
            _ => {}
        }
        for part in request.messages.iter_mut().flat_map(|message| &mut message.parts) {
            match part {
                Part::ToolCall(call) => rename(&mut call.name),
                Part::ToolResult(result) => result.name.iter_mut().for_each(rename),
                _ => {}
            }
        }
        Cow::Owned(request)
    }

    /// Gives the calls of `answer` the caller's names.
    pub(super) fn restore_answer(&self, answer: &mut Answer) {
        for part in answer.choices.iter_mut().flat_map(|choice| &mut choice.parts) {
            if let Part::ToolCall(call) = part {
                self.restore(&mut call.name);
            }
        }
    }

    /// Gives a call that begins the caller's name.
    pub(super) fn restore_event(&self, event: &mut Event) {
        if let Event::Open { kind: Block::ToolCall { name, .. }, .. } = event {
            self.restore(name);
        }
    }

    fn restore(&self, name: &mut String) {
        if let Some((here, _)) = self.0.iter().find(|(_, there)| there == name) {
            here.clone_into(name);
        }
    }
}

impl Rule {
    fn allows(&self, name: &str) -> bool {
        let begins = name.bytes().next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_');
        name.len() <= self.most && name.bytes().all(self.allowed) && (begins || !self.begins_with_letter)
    }

    /// As much of the name as is allowed, and a tail that no other name has.
    fn fit(&self, name: &str) -> String {
        let tail = call_id::fit(name, 9, |_| false);
        let allowed = |c: char| u8::try_from(c).is_ok_and(self.allowed);
        let head = name.chars().map(|c| if allowed(c) { c } else { '_' });
        let head: String = head.take(self.most - 10 - usize::from(self.begins_with_letter)).collect();
        let begins = head.bytes().next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_');
        let sign = if begins || !self.begins_with_letter { "" } else { "_" };
        format!("{sign}{head}_{tail}")
    }
}

fn name(tool: &Tool) -> Option<&str> {
    match tool {
        Tool::Function(function) => Some(&function.name),
        Tool::Custom { name, .. } => Some(name),
        Tool::Server(_) | Tool::Native(_) => None,
    }
}

/// What names each dialect allows.
///
/// Sources: <https://platform.openai.com/docs/api-reference/chat/create>, <https://docs.claude.com/en/api/messages>,
/// <https://ai.google.dev/api/caching#FunctionDeclaration>,
/// <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html>; 2026-11.
fn rule(dialect: Dialect) -> Rule {
    match dialect {
        Dialect::Messages => Rule { most: 128, allowed: call_id::is_plain, begins_with_letter: false },
        Dialect::Gemini => Rule {
            most: 64,
            allowed: |byte| call_id::is_plain(byte) || byte == b'.' || byte == b':',
            begins_with_letter: true,
        },
        Dialect::Cohere => Rule {
            most: 64,
            allowed: |byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-',
            begins_with_letter: true,
        },
        _ => Rule { most: 64, allowed: call_id::is_plain, begins_with_letter: false },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generation::Function;

    fn request(names: &[&str]) -> Request {
        let mut request = Request::new(Dialect::Messages);
        let function =
            |name: &&str| Tool::Function(Function { name: (*name).to_owned(), ..Function::default() });
        request.tools = names.iter().map(function).collect();
        request
    }

    #[test]
    fn names_that_do_not_fit_change_and_come_back() {
        let long = "mcp__server__".to_owned() + &"x".repeat(100);
        let asked = request(&["fine", "with.dot", "1st", &long, &(long.clone() + "y")]);
        for dialect in [Dialect::Chat, Dialect::Messages, Dialect::Gemini, Dialect::Converse, Dialect::Cohere]
        {
            let names = Names::fit(&asked, dialect);
            let written = names.apply(&asked).into_owned();
            let there: Vec<_> = written.tools.iter().filter_map(name).map(str::to_owned).collect();
            assert!(there.iter().all(|name| rule(dialect).allows(name)), "{dialect:?} {there:?}");
            assert_eq!(there[0], "fine");
            let distinct: std::collections::HashSet<_> = there.iter().collect();
            assert_eq!(distinct.len(), there.len(), "{there:?}");
            let mut back = there.clone();
            for name in &mut back {
                names.restore(name);
            }
            assert_eq!(back, asked.tools.iter().filter_map(name).collect::<Vec<_>>());
        }
    }
}
