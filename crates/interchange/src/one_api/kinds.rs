//! Types of channels, by their numbers.

use roundhouse_domain::spec::ProviderKind;

/// Whose numbers they are; from 4 on they differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// songquanpeng/one-api (`relay/channeltype/define.go`).
    OneApi,
    /// QuantumNous/new-api (`constant/channel.go`).
    NewApi,
}

/// What a type of channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Type {
    pub(super) kind: ProviderKind,
    /// The address that a channel without one has; none where it needs one or its kind has its own.
    pub(super) address: Option<&'static str>,
    /// What stands between the address and the endpoints.
    pub(super) path: &'static str,
}

/// The type of a number; none for what has no counterpart, such as pictures of Midjourney.
pub(super) fn of(number: u64, flavour: Flavour) -> Option<Type> {
    use ProviderKind as K;
    let (kind, address, path) = common(number).or_else(|| match flavour {
        Flavour::OneApi => one_api(number),
        Flavour::NewApi => new_api(number),
    })?;
    // The kind's own public address is the one to use, even where the old one still works.
    let address = address.filter(|_| kind.base_url().is_none() || kind == K::OpenaiCompatible);
    Some(Type { kind, address, path })
}

type Row = (ProviderKind, Option<&'static str>, &'static str);

fn common(number: u64) -> Option<Row> {
    use ProviderKind as K;
    Some(match number {
        1 => (K::Openai, None, "/v1"),
        3 => (K::Azure, None, ""),
        6 => (K::OpenaiCompatible, Some("https://api.openaimax.com/v1"), "/v1"),
        7 => (K::OpenaiCompatible, Some("https://api.ohmygpt.com/v1"), "/v1"),
        8 => (K::OpenaiCompatible, None, ""),
        10 => (K::OpenaiCompatible, Some("https://api.aiproxy.io/v1"), "/v1"),
        14 => (K::Anthropic, None, ""),
        16 => (K::Zhipu, None, "/api/paas/v4"),
        17 => (K::Dashscope, None, "/compatible-mode/v1"),
        19 => (K::OpenaiCompatible, Some("https://api.360.cn/v1"), "/v1"),
        20 => (K::Openrouter, None, "/v1"),
        23 => (K::OpenaiCompatible, Some("https://api.hunyuan.cloud.tencent.com/v1"), "/v1"),
        24 => (K::Gemini, None, "/v1beta"),
        25 => (K::Moonshot, None, "/v1"),
        31 => (K::OpenaiCompatible, Some("https://api.lingyiwanwu.com/v1"), "/v1"),
        33 => (K::Bedrock, None, ""),
        _ => return None,
    })
}

fn one_api(number: u64) -> Option<Row> {
    use ProviderKind as K;
    Some(match number {
        4 => (K::OpenaiCompatible, Some("https://api.closeai-proxy.xyz/v1"), "/v1"),
        5 => (K::OpenaiCompatible, Some("https://api.openai-sb.com/v1"), "/v1"),
        26 => (K::OpenaiCompatible, Some("https://api.baichuan-ai.com/v1"), "/v1"),
        27 => (K::Minimax, None, "/v1"),
        28 => (K::Mistral, None, "/v1"),
        29 => (K::Groq, None, "/v1"),
        30 => (K::Ollama, Some("http://localhost:11434/v1"), "/v1"),
        32 => (K::OpenaiCompatible, Some("https://api.stepfun.com/v1"), "/v1"),
        35 => (K::Cohere, None, ""),
        36 => (K::Deepseek, None, ""),
        37 => (K::Cloudflare, None, ""),
        39 => (K::Together, None, "/v1"),
        40 => (K::Volcengine, None, "/api/v3"),
        41 => (K::OpenaiCompatible, Some("https://api.novita.ai/v3/openai"), ""),
        42 => (K::Vertex, None, ""),
        44 => (K::Siliconflow, None, "/v1"),
        45 => (K::Xai, None, "/v1"),
        47 => (K::OpenaiCompatible, Some("https://qianfan.baidubce.com/v2"), "/v2"),
        48 => (K::OpenaiCompatible, Some("https://spark-api-open.xf-yun.com/v1"), "/v1"),
        49 => (K::Dashscope, None, "/compatible-mode/v1"),
        50 => (K::OpenaiCompatible, None, "/v1"),
        51 => (
            K::OpenaiCompatible,
            Some("https://generativelanguage.googleapis.com/v1beta/openai"),
            "/v1beta/openai",
        ),
        _ => return None,
    })
}

fn new_api(number: u64) -> Option<Row> {
    use ProviderKind as K;
    Some(match number {
        4 => (K::Ollama, Some("http://localhost:11434/v1"), "/v1"),
        26 => (K::Zhipu, None, "/api/paas/v4"),
        27 => (K::Perplexity, None, ""),
        34 => (K::Cohere, None, ""),
        35 => (K::Minimax, None, "/v1"),
        38 => (K::Jina, None, "/v1"),
        39 => (K::Cloudflare, None, ""),
        40 => (K::Siliconflow, None, "/v1"),
        41 => (K::Vertex, None, ""),
        42 => (K::Mistral, None, "/v1"),
        43 => (K::Deepseek, None, ""),
        44 => (K::OpenaiCompatible, Some("https://api.moka.ai/v1"), "/v1"),
        45 => (K::Volcengine, None, "/api/v3"),
        46 => (K::OpenaiCompatible, Some("https://qianfan.baidubce.com/v2"), "/v2"),
        47 => (K::OpenaiCompatible, None, "/v1"),
        48 => (K::Xai, None, "/v1"),
        53 => (K::OpenaiCompatible, Some("https://llm.submodel.ai/v1"), "/v1"),
        _ => return None,
    })
}
