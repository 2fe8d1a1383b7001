//! Whom a model's prefix names.

use roundhouse_domain::spec::ProviderKind;

/// A vendor: its kind, and its address where the kind has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vendor {
    pub(super) kind: ProviderKind,
    pub(super) base_url: Option<&'static str>,
    /// The variable that holds the key when the file names none.
    pub(super) key_variable: Option<&'static str>,
}

/// Splits `vendor/model`; a model without a vendor is known by its name, else it is of OpenAI's shape.
pub(super) fn split<'m>(model: &'m str, given: Option<&str>) -> Option<(Vendor, &'m str)> {
    if let Some(given) = given {
        let name = model.strip_prefix(given).and_then(|rest| rest.strip_prefix('/')).unwrap_or(model);
        return Some((vendor(given)?, name));
    }
    if let Some((prefix, name)) = model.split_once('/')
        && let Some(vendor) = vendor(prefix)
    {
        return Some((vendor, name));
    }
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| model.starts_with(prefix));
    if starts(&["claude"]) {
        return Some((vendor("anthropic")?, model));
    }
    if starts(&["command"]) {
        return Some((vendor("cohere")?, model));
    }
    let is_known =
        starts(&["gpt-", "chatgpt-", "o1", "o3", "o4", "text-embedding-", "dall-e", "whisper", "tts-"]);
    (is_known || !model.contains('/')).then_some(())?;
    Some((vendor("openai")?, model))
}

/// The prefixes that `LiteLLM` knows and we can reach (docs.litellm.ai/docs/providers, 2026-11).
fn vendor(prefix: &str) -> Option<Vendor> {
    use ProviderKind as K;
    let (kind, base_url, key_variable) = match prefix {
        "openai" | "text-completion-openai" | "custom_openai" => (K::Openai, None, Some("OPENAI_API_KEY")),
        "azure" | "azure_text" => (K::Azure, None, Some("AZURE_API_KEY")),
        "anthropic" | "anthropic_text" => (K::Anthropic, None, Some("ANTHROPIC_API_KEY")),
        "gemini" => (K::Gemini, None, Some("GEMINI_API_KEY")),
        "vertex_ai" | "vertex_ai_beta" => (K::Vertex, None, None),
        "bedrock" | "bedrock_converse" => (K::Bedrock, None, None),
        "groq" => (K::Groq, None, Some("GROQ_API_KEY")),
        "mistral" | "codestral" => (K::Mistral, None, Some("MISTRAL_API_KEY")),
        "deepseek" => (K::Deepseek, None, Some("DEEPSEEK_API_KEY")),
        "xai" => (K::Xai, None, Some("XAI_API_KEY")),
        "openrouter" => (K::Openrouter, None, Some("OPENROUTER_API_KEY")),
        "together_ai" => (K::Together, None, Some("TOGETHERAI_API_KEY")),
        "fireworks_ai" => (K::Fireworks, None, Some("FIREWORKS_AI_API_KEY")),
        "perplexity" => (K::Perplexity, None, Some("PERPLEXITYAI_API_KEY")),
        "cohere" | "cohere_chat" => (K::Cohere, None, Some("COHERE_API_KEY")),
        "voyage" => (K::Voyage, None, Some("VOYAGE_API_KEY")),
        "jina_ai" => (K::Jina, None, Some("JINA_AI_API_KEY")),
        "dashscope" => (K::Dashscope, None, Some("DASHSCOPE_API_KEY")),
        "moonshot" => (K::Moonshot, None, Some("MOONSHOT_API_KEY")),
        "volcengine" => (K::Volcengine, None, Some("VOLCENGINE_API_KEY")),
        "minimax" => (K::Minimax, None, Some("MINIMAX_API_KEY")),
        "zai" => (K::Zhipu, Some("https://api.z.ai/api/paas/v4"), Some("ZAI_API_KEY")),
        "ollama" | "ollama_chat" => (K::Ollama, Some("http://localhost:11434/v1"), None),
        "hosted_vllm" | "vllm" => (K::Vllm, None, None),
        "openai_like" | "litellm_proxy" | "lm_studio" | "llamafile" | "azure_ai" => {
            (K::OpenaiCompatible, None, None)
        }
        "nvidia_nim" => {
            (K::OpenaiCompatible, Some("https://integrate.api.nvidia.com/v1"), Some("NVIDIA_NIM_API_KEY"))
        }
        "cerebras" => (K::OpenaiCompatible, Some("https://api.cerebras.ai/v1"), Some("CEREBRAS_API_KEY")),
        "sambanova" => (K::OpenaiCompatible, Some("https://api.sambanova.ai/v1"), Some("SAMBANOVA_API_KEY")),
        "deepinfra" => {
            (K::OpenaiCompatible, Some("https://api.deepinfra.com/v1/openai"), Some("DEEPINFRA_API_KEY"))
        }
        "novita" => (K::OpenaiCompatible, Some("https://api.novita.ai/v3/openai"), Some("NOVITA_API_KEY")),
        "nebius" => (K::OpenaiCompatible, Some("https://api.studio.nebius.ai/v1"), Some("NEBIUS_API_KEY")),
        _ => return None,
    };
    Some(Vendor { kind, base_url, key_variable })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_and_names_tell_the_vendor() {
        for (model, given, kind, name) in [
            ("openai/gpt-4o", None, ProviderKind::Openai, "gpt-4o"),
            ("gpt-4o", None, ProviderKind::Openai, "gpt-4o"),
            ("claude-sonnet-4-5", None, ProviderKind::Anthropic, "claude-sonnet-4-5"),
            ("openrouter/openai/gpt-4o", None, ProviderKind::Openrouter, "openai/gpt-4o"),
            ("azure/my-deployment", None, ProviderKind::Azure, "my-deployment"),
            ("my-model", Some("hosted_vllm"), ProviderKind::Vllm, "my-model"),
            ("hosted_vllm/a/b", Some("hosted_vllm"), ProviderKind::Vllm, "a/b"),
        ] {
            let (vendor, rest) = split(model, given).unwrap();
            assert_eq!((vendor.kind, rest), (kind, name), "{model}");
        }
        assert_eq!(split("sagemaker/jumpstart", None), None);
    }
}
