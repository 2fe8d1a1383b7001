//! The table of providers.

use super::*;

#[test]
fn every_name_and_alias_finds_its_own_provider() {
    for profile in vendors::ALL {
        for name in std::iter::once(&profile.name).chain(profile.aliases) {
            assert_eq!(named(name).name, profile.name);
            assert_eq!(named(&name.to_uppercase()).name, profile.name);
        }
    }
    assert_eq!(named("nobody").name, "generic");
    assert_eq!(Profile::default().name, "generic");
}

#[test]
fn a_host_finds_its_provider() {
    for (host, name) in [
        ("api.openai.com", "openai"),
        ("eu.api.openai.com", "openai"),
        ("my.openai.azure.com", "azure"),
        ("API.DeepSeek.com.", "deepseek"),
        ("dashscope-intl.aliyuncs.com", "dashscope"),
        ("ark.cn-beijing.volces.com", "volcengine"),
        ("open.bigmodel.cn", "zhipu"),
        ("notapi.openai.com.evil.example", "generic"),
        ("localhost", "generic"),
    ] {
        assert_eq!(of_host(host).name, name, "{host}");
    }
}

#[test]
fn models_that_think_refuse_sampling_and_take_another_token_limit() {
    let azure = named("azure");
    for (model, draws, limit) in [
        ("gpt-4o", true, None),
        ("gpt-5-mini", false, Some(TokenLimit::MaxCompletionTokens)),
        ("gpt-5", false, Some(TokenLimit::MaxCompletionTokens)),
        ("gpt-5.2", false, Some(TokenLimit::MaxCompletionTokens)),
        ("gpt-5-chat-latest", true, Some(TokenLimit::MaxCompletionTokens)),
        ("openai/o3-mini", false, Some(TokenLimit::MaxCompletionTokens)),
        ("GPT-5-nano", false, Some(TokenLimit::MaxCompletionTokens)),
        ("gpt-oss-120b", true, None),
        ("omni-moderation", true, None),
    ] {
        assert_eq!(azure.takes(model).has(Fields::TEMPERATURE), draws, "{model}");
        assert_eq!(azure.model(model).and_then(|known| known.token_limit), limit, "{model}");
    }
    let xai = named("xai");
    assert!(!xai.takes("grok-4-fast-reasoning").has(Fields::PENALTIES));
    assert!(xai.takes("grok-4-fast-non-reasoning").has(Fields::PENALTIES));
}

#[test]
fn words_for_thinking_stand_in_order() {
    for profile in vendors::ALL {
        let models = profile.models.iter().filter_map(|model| model.words);
        for words in models.chain([profile.reasoning.words]) {
            assert!(words.is_sorted(), "{}", profile.name);
        }
        assert_eq!(profile.reasoning.words.is_empty(), profile.reasoning.effort == EffortField::None);
    }
}
