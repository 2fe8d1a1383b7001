//! Names that fit ours, made from names of others.

use std::collections::HashSet;

use roundhouse_domain::spec::Name;

/// The longest name.
const MAX_CHARS: usize = 100;

/// Gives out names for providers and pools; none twice.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// The nearest free name to `wanted`.
    pub(crate) fn take(&mut self, wanted: &str) -> String {
        let base = fitted(wanted);
        self.free(&base)
    }

    /// The nearest free text to `wanted`, for names of access keys, which take any characters.
    pub(crate) fn take_text(&mut self, wanted: &str) -> String {
        let base: String = wanted.trim().chars().filter(|c| !c.is_control()).take(MAX_CHARS).collect();
        self.free(if base.trim().is_empty() { "imported" } else { &base })
    }

    fn free(&mut self, base: &str) -> String {
        let mut name = base.to_owned();
        let mut number = 2;
        while self.taken.contains(&name) {
            let end = format!("-{number}");
            let head: String = base.chars().take(MAX_CHARS - end.len()).collect();
            name = head + &end;
            number += 1;
        }
        self.taken.insert(name.clone());
        name
    }
}

/// `text` as a name: lower case, with `-` for what has no place in one.
pub(crate) fn fitted(text: &str) -> String {
    if Name::parse(text).is_some() {
        return text.to_owned();
    }
    let mut name = String::new();
    for c in text.trim().to_lowercase().chars() {
        let c = if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
        let is_idle = match c {
            '-' => name.is_empty() || name.ends_with('-'),
            '_' => name.is_empty(),
            _ => false,
        };
        if !is_idle && name.len() < MAX_CHARS {
            name.push(c);
        }
    }
    let name = name.trim_end_matches('-');
    if name.is_empty() { "imported".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_becomes_a_name_and_none_is_given_twice() {
        let mut names = Names::default();
        for (text, name) in [
            ("openai", "openai"),
            ("openai", "openai-2"),
            ("Open AI (中文)", "open-ai"),
            ("Open AI", "open-ai-2"),
            ("-_x", "x"),
            ("中文", "imported"),
            ("gpt-4.1", "gpt-4-1"),
        ] {
            let taken = names.take(text);
            assert_eq!(taken, name);
            assert!(Name::parse(&taken).is_some());
        }
        let long = "a".repeat(300);
        assert_eq!(names.take(&long).len(), 100);
        assert_eq!(names.take(&long).len(), 100);
    }
}
