//! The table of kinds.

use super::ClientDialect::{Chat, Completions, Gemini, Messages, Responses};
use super::{Dialects, Family};

/// What is known of a kind.
pub(super) struct Row {
    pub(super) kind: ProviderKind,
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) aliases: &'static [&'static str],
    pub(super) family: Family,
    pub(super) url: Option<&'static str>,
    /// Hosts that tell the kind; `*` stands for some characters, and a port counts where the pattern has one.
    pub(super) hosts: &'static [&'static str],
    pub(super) dialects: Dialects,
    pub(super) lists_models: bool,
}

/// What most rows say.
const USUAL: Row = Row {
    kind: ProviderKind::OpenaiCompatible,
    name: "",
    about: "",
    aliases: &[],
    family: Family::OpenaiCompatible,
    url: None,
    hosts: &[],
    dialects: Dialects::of(&[Chat]),
    lists_models: true,
};

macro_rules! kinds {
    ($($kind:ident $name:literal $about:literal { $($field:ident: $value:expr),* $(,)? })*) => {
        /// Which API an upstream speaks, and how it wants its credential.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ProviderKind {
            $(#[doc = $about] $kind,)*
        }

        /// Every kind, in the order of the enumeration.
        pub(super) const KINDS: &[Row] = &[
            $(Row { kind: ProviderKind::$kind, name: $name, about: $about, $($field: $value,)* ..USUAL },)*
        ];
    };
}

// Addresses and dialects are from the providers' pages as of 2026-11, which stand above each row. Where a provider has several
// public addresses, the first of `hosts` is the one in `url`. A dialect is listed only where it is documented under the same
// base address for the provider's models at large; `/anthropic` addresses are the kind `anthropic`.
kinds! {
    // https://platform.openai.com/docs/api-reference
    Openai "openai" "The OpenAI API." {
        family: Family::Openai,
        url: Some("https://api.openai.com/v1"),
        hosts: &["api.openai.com", "*.api.openai.com"],
        dialects: Dialects::of(&[Chat, Completions, Responses]),
    }
    // https://developers.openai.com/codex/config-advanced
    OpenaiResponses "openai-responses" "An API that has nothing but OpenAI's `POST /responses`, as back ends of Codex do." {
        aliases: &["codex"],
        family: Family::OpenaiResponses,
        hosts: &["chatgpt.com"],
        dialects: Dialects::of(&[Responses]),
    }
    OpenaiCompatible "openai-compatible" "Any other API of OpenAI's shape." {
        dialects: Dialects::of(&[Chat, Completions]),
    }
    // https://api-docs.deepseek.com/
    Deepseek "deepseek" "DeepSeek." {
        url: Some("https://api.deepseek.com"),
        hosts: &["api.deepseek.com"],
    }
    // https://help.aliyun.com/zh/model-studio/compatibility-of-openai-with-dashscope; its Responses have another base address.
    Dashscope "dashscope" "Alibaba Cloud Model Studio (Bailian); outside mainland China at dashscope-intl.aliyuncs.com." {
        aliases: &["qwen", "bailian"],
        url: Some("https://dashscope.aliyuncs.com/compatible-mode/v1"),
        hosts: &["dashscope.aliyuncs.com", "dashscope-*.aliyuncs.com", "*.dashscope.aliyuncs.com"],
    }
    // https://platform.kimi.ai/docs/api/overview
    Moonshot "moonshot" "Moonshot AI; outside mainland China at api.moonshot.ai." {
        aliases: &["kimi"],
        url: Some("https://api.moonshot.cn/v1"),
        hosts: &["api.moonshot.cn", "api.moonshot.ai"],
        dialects: Dialects::of(&[Chat, Responses]),
    }
    // https://docs.bigmodel.cn/cn/guide/develop/openai/introduction, https://docs.z.ai/guides/develop/openai/python
    Zhipu "zhipu" "Zhipu AI; outside mainland China at api.z.ai." {
        aliases: &["glm", "zai", "bigmodel"],
        url: Some("https://open.bigmodel.cn/api/paas/v4"),
        hosts: &["open.bigmodel.cn", "api.z.ai"],
    }
    // https://www.volcengine.com/docs/82379/1298459, https://www.volcengine.com/docs/82379/1585128
    Volcengine "volcengine" "Volcengine Ark." {
        aliases: &["doubao", "ark"],
        url: Some("https://ark.cn-beijing.volces.com/api/v3"),
        hosts: &["ark.*.volces.com", "ark.*.bytepluses.com"],
        dialects: Dialects::of(&[Chat, Responses]),
    }
    // https://platform.minimax.io/docs/api-reference/text-openai-api
    Minimax "minimax" "MiniMax; outside mainland China at api.minimax.io." {
        url: Some("https://api.minimaxi.com/v1"),
        hosts: &["api.minimaxi.com", "api.minimax.io"],
        dialects: Dialects::of(&[Chat, Responses]),
    }
    // https://docs.siliconflow.cn/cn/docs/api/chat-completions-post, https://docs.siliconflow.cn/cn/docs/api/messages-post
    Siliconflow "siliconflow" "SiliconFlow; outside mainland China at api.siliconflow.com." {
        url: Some("https://api.siliconflow.cn/v1"),
        hosts: &["api.siliconflow.cn", "api.siliconflow.com"],
        dialects: Dialects::of(&[Chat, Messages]),
    }
    // https://docs.mistral.ai/api
    Mistral "mistral" "Mistral." {
        url: Some("https://api.mistral.ai/v1"),
        hosts: &["api.mistral.ai"],
    }
    // https://console.groq.com/docs/openai
    Groq "groq" "Groq." {
        url: Some("https://api.groq.com/openai/v1"),
        hosts: &["api.groq.com"],
        dialects: Dialects::of(&[Chat, Responses]),
    }
    // https://docs.x.ai/docs/api-reference
    Xai "xai" "xAI." {
        aliases: &["grok"],
        url: Some("https://api.x.ai/v1"),
        hosts: &["api.x.ai", "*.api.x.ai"],
        dialects: Dialects::of(&[Chat, Responses]),
    }
    // https://openrouter.ai/docs/api/reference/overview, https://openrouter.ai/docs/api_reference/responses/basic-usage
    Openrouter "openrouter" "OpenRouter." {
        url: Some("https://openrouter.ai/api/v1"),
        hosts: &["openrouter.ai"],
        dialects: Dialects::of(&[Chat, Completions, Responses, Messages]),
    }
    // https://docs.together.ai/reference
    Together "together" "Together AI." {
        url: Some("https://api.together.xyz/v1"),
        hosts: &["api.together.xyz", "api.together.ai"],
        dialects: Dialects::of(&[Chat, Completions]),
    }
    // https://docs.fireworks.ai/guides/querying-text-models, https://docs.fireworks.ai/tools-sdks/anthropic-compatibility
    Fireworks "fireworks" "Fireworks AI." {
        url: Some("https://api.fireworks.ai/inference/v1"),
        hosts: &["api.fireworks.ai", "*.api.fireworks.ai"],
        dialects: Dialects::of(&[Chat, Completions, Responses, Messages]),
    }
    // https://docs.perplexity.ai/docs/agent-api/migrate-from-sonar/overview: chat completions ended on 2026-09-27.
    Perplexity "perplexity" "Perplexity's Agent API." {
        url: Some("https://api.perplexity.ai/v1"),
        hosts: &["api.perplexity.ai"],
        dialects: Dialects::of(&[Responses]),
    }
    // https://developers.cloudflare.com/workers-ai/configuration/open-ai-compatibility/
    Cloudflare "cloudflare" "Cloudflare Workers AI: `https://api.cloudflare.com/client/v4/accounts/{account}/ai/v1`." {
        hosts: &["api.cloudflare.com"],
        lists_models: false,
    }
    // https://docs.ollama.com/api/openai-compatibility, https://docs.ollama.com/api/anthropic-compatibility
    Ollama "ollama" "Ollama." {
        hosts: &["*:11434", "ollama.com"],
        dialects: Dialects::of(&[Chat, Completions, Responses, Messages]),
    }
    // https://docs.vllm.ai/en/stable/serving/online_serving.html
    Vllm "vllm" "A vLLM server." {
        dialects: Dialects::of(&[Chat, Completions, Responses, Messages]),
    }
    // https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
    LlamaCpp "llama-cpp" "A llama.cpp server." {
        aliases: &["llama.cpp", "llamacpp"],
        dialects: Dialects::of(&[Chat, Completions, Responses, Messages]),
    }
    // https://learn.microsoft.com/azure/ai-foundry/openai/reference
    Azure "azure" "Azure OpenAI: deployments, or its `/openai/v1` surface." {
        family: Family::Azure,
        hosts: &["*.openai.azure.com", "*.openai.azure.us", "*.cognitiveservices.azure.com", "*.ai.azure.com"],
        dialects: Dialects::of(&[Chat, Completions, Responses]),
    }
    // https://docs.claude.com/en/api/overview
    Anthropic "anthropic" "The Anthropic API, and those of its shape." {
        aliases: &["claude"],
        family: Family::Anthropic,
        url: Some("https://api.anthropic.com"),
        hosts: &["api.anthropic.com"],
        dialects: Dialects::of(&[Messages]),
    }
    // https://ai.google.dev/api
    Gemini "gemini" "The Gemini API." {
        family: Family::Gemini,
        url: Some("https://generativelanguage.googleapis.com/v1beta"),
        hosts: &["generativelanguage.googleapis.com"],
        dialects: Dialects::of(&[Gemini]),
    }
    // https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference
    Vertex "vertex" "Google Vertex AI: Gemini, Claude and the models of others." {
        family: Family::Vertex,
        hosts: &["aiplatform.googleapis.com", "*-aiplatform.googleapis.com", "aiplatform.*.rep.googleapis.com"],
        dialects: Dialects::of(&[Chat, Messages, Gemini]),
        lists_models: false,
    }
    // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Amazon_Bedrock_Runtime.html
    Bedrock "bedrock" "Amazon Bedrock." {
        aliases: &["aws"],
        family: Family::Bedrock,
        hosts: &[
            "bedrock-runtime.*.amazonaws.com",
            "bedrock-runtime-fips.*.amazonaws.com",
            "bedrock-runtime.*.amazonaws.com.cn",
            "*.bedrock-runtime.*.vpce.amazonaws.com",
        ],
        dialects: Dialects::of(&[Messages]),
        lists_models: false,
    }
    // https://docs.cohere.com/reference/about
    Cohere "cohere" "Cohere, version 2 of its API." {
        family: Family::Cohere,
        url: Some("https://api.cohere.com"),
        hosts: &["api.cohere.com", "api.cohere.ai"],
        dialects: Dialects::of(&[]),
    }
    // https://docs.voyageai.com/reference/embeddings-api
    Voyage "voyage" "Voyage AI: embeddings and reranking." {
        family: Family::Voyage,
        url: Some("https://api.voyageai.com/v1"),
        hosts: &["api.voyageai.com"],
        dialects: Dialects::of(&[]),
        lists_models: false,
    }
    // https://api.jina.ai/redoc
    Jina "jina" "Jina AI: embeddings and reranking." {
        family: Family::Jina,
        url: Some("https://api.jina.ai/v1"),
        hosts: &["api.jina.ai"],
        dialects: Dialects::of(&[]),
        lists_models: false,
    }
    Demo "demo" "Answers from inside the process; for trying out and for tests." {
        family: Family::Demo,
        dialects: Dialects::of(&[Chat, Completions, Responses, Messages, Gemini]),
    }
}
