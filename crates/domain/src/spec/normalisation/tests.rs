use super::*;

fn defaults() -> Normaliser {
    NormalisationSpec::default().compile().unwrap()
}

#[test]
fn default_rules_bring_vendors_names_together() {
    let normaliser = defaults();
    for (name, expected) in [
        ("openai/gpt-4o-2024-08-06", "gpt-4o"),
        ("gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
        ("openai-gpt-4o", "gpt-4o"),
        ("gpt4-turbo", "gpt-4-turbo"),
        ("gpt-35-turbo", "gpt-3.5-turbo"),
        ("gpt-4-0125-preview", "gpt-4"),
        ("gpt-4-0613", "gpt-4"),
        ("chatgpt-4o-latest", "chatgpt-4o"),
        ("claude-3-5-sonnet-20241022", "claude-3-5-sonnet"),
        ("claude-3-5-sonnet@20240620", "claude-3-5-sonnet"),
        ("us.anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3-5-sonnet"),
        ("Qwen/Qwen3-235B-A22B-Instruct", "qwen3-235b-a22b"),
        ("gemini-2.5-pro-preview-05-06", "gemini-2.5-pro"),
        ("accounts/fireworks/models/deepseek-v3", "deepseek-v3"),
        ("mistral-large-2411", "mistral-large"),
        ("deepseek/deepseek-r1:free", "deepseek-r1:free"),
        ("grok-3-beta", "grok-3"),
        ("o3", "o3"),
    ] {
        assert_eq!(normaliser.normalise(name).name, expected, "{name}");
    }
}

#[test]
fn what_was_done_is_told() {
    let done = defaults().normalise("openai/GPT-4o-2024-08-06");
    assert_eq!(done.applied, ["vendor before a slash", "lower case", "date"]);
    assert!(defaults().normalise("o3").applied.is_empty());
}

#[test]
fn a_rule_leaves_a_name_that_it_would_use_up() {
    assert_eq!(defaults().normalise("org/").name, "org/");
    assert_eq!(defaults().normalise("-preview").name, "-preview");
}

#[test]
fn rules_that_are_off_do_nothing() {
    let mut spec = NormalisationSpec::default();
    spec.rules.iter_mut().for_each(|rule| rule.enabled = false);
    assert_eq!(spec.compile().unwrap().normalise("a/B-latest").name, "a/B-latest");
}

#[test]
fn wrong_rules_are_named_with_place_and_field() {
    let wrong = |kind, pattern: Option<&str>| {
        let rule = NormalisationRule {
            name: "x".into(),
            kind,
            pattern: pattern.map(Into::into),
            with: String::new(),
            texts: Vec::new(),
            enabled: true,
        };
        let spec = NormalisationSpec {
            rules: vec![NormalisationSpec::default().rules[0].clone(), rule],
            ..NormalisationSpec::default()
        };
        let error = spec.compile().unwrap_err();
        (error.index, error.field, error.message)
    };
    assert_eq!(
        wrong(RuleKind::Replace, Some("(")),
        (1, "pattern", "this is no regular expression: unclosed group".into())
    );
    assert_eq!(wrong(RuleKind::StripPrefix, None), (1, "texts", "needs at least one text".into()));
    assert_eq!(wrong(RuleKind::Spelling, None), (1, "with", "needs the usual spelling".into()));
    let huge = wrong(RuleKind::Replace, Some("(?:(?:a{1000}){1000}){1000}"));
    assert_eq!(huge.2, "this regular expression is too large; repeat less");
}

#[test]
fn rules_read_what_they_write() {
    let spec = NormalisationSpec::default();
    let text = serde_json::to_string(&spec).unwrap();
    assert_eq!(serde_json::from_str::<NormalisationSpec>(&text).unwrap(), spec);
}

#[test]
fn a_growing_name_has_a_bound() {
    let rule = |index: usize| NormalisationRule {
        name: index.to_string(),
        kind: RuleKind::Replace,
        pattern: Some("^(.*)$".into()),
        with: "$1$1".into(),
        texts: Vec::new(),
        enabled: true,
    };
    let spec = NormalisationSpec { rules: (0..100).map(rule).collect(), ..NormalisationSpec::default() };
    assert!(spec.compile().unwrap().normalise("0123456789").name.len() <= 300);
}
