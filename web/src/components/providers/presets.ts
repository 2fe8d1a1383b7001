export type Endpoint = {
  /** Its name in the texts, below `regions`. */
  region: string
  url: string
  /** Where a key for it is had. */
  keys: string
}

export type Preset = {
  /** Also the name of its logo and of its texts, below `presets`. */
  id: string
  kind: string
  group: 'china' | 'world' | 'own'
  /** Its addresses, the usual one first; none where everybody has their own. */
  endpoints: Endpoint[]
  /** What an own address looks like. */
  example?: string
  /** Where a key is had, if there are no addresses to say it. */
  keys?: string
  /** Settings that this kind needs beside its address. */
  asks?: ('api_version' | 'region' | 'project' | 'location')[]
  /** False where the names of its models have to be given. */
  listsModels?: false
  /** False where it answers without a key. */
  needsKey?: false
}

const at = (url: string, keys: string, region = 'global'): Endpoint => ({ region, url, keys })

const one = (id: string, group: Preset['group'], url: string, keys: string, kind = id): Preset => ({
  id,
  kind,
  group,
  endpoints: [at(url, keys)],
})

const compatible = 'openai-compatible'

/**
 * Providers that are set up with a key alone. Addresses are those of the server's table of kinds. Of vendors without a
 * kind of their own, Qianfan's is from cloud.baidu.com/doc/qianfan (2025-12); Hunyuan's, StepFun's and ModelScope's, and
 * where keys are had, are generally known and were not checked against the vendors' pages.
 */
export const presets: Preset[] = [
  one('deepseek', 'china', 'https://api.deepseek.com', 'https://platform.deepseek.com/api_keys'),
  {
    id: 'dashscope',
    kind: 'dashscope',
    group: 'china',
    endpoints: [
      at(
        'https://dashscope.aliyuncs.com/compatible-mode/v1',
        'https://bailian.console.aliyun.com/?tab=model#/api-key',
        'mainland',
      ),
      at(
        'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
        'https://modelstudio.console.alibabacloud.com/?tab=dashboard#/api-key',
        'international',
      ),
    ],
  },
  {
    id: 'moonshot',
    kind: 'moonshot',
    group: 'china',
    endpoints: [
      at('https://api.moonshot.cn/v1', 'https://platform.moonshot.cn/console/api-keys', 'mainland'),
      at('https://api.moonshot.ai/v1', 'https://platform.moonshot.ai/console/api-keys', 'international'),
    ],
  },
  {
    id: 'zhipu',
    kind: 'zhipu',
    group: 'china',
    endpoints: [
      at(
        'https://open.bigmodel.cn/api/paas/v4',
        'https://open.bigmodel.cn/usercenter/proj-mgmt/apikeys',
        'mainland',
      ),
      at('https://api.z.ai/api/paas/v4', 'https://z.ai/manage-apikey/apikey-list', 'international'),
    ],
  },
  {
    id: 'minimax',
    kind: 'minimax',
    group: 'china',
    endpoints: [
      at(
        'https://api.minimaxi.com/v1',
        'https://platform.minimaxi.com/user-center/basic-information/interface-key',
        'mainland',
      ),
      at(
        'https://api.minimax.io/v1',
        'https://platform.minimax.io/user-center/basic-information/interface-key',
        'international',
      ),
    ],
  },
  one(
    'volcengine',
    'china',
    'https://ark.cn-beijing.volces.com/api/v3',
    'https://console.volcengine.com/ark/region:ark+cn-beijing/apiKey',
  ),
  {
    id: 'siliconflow',
    kind: 'siliconflow',
    group: 'china',
    endpoints: [
      at('https://api.siliconflow.cn/v1', 'https://cloud.siliconflow.cn/account/ak', 'mainland'),
      at('https://api.siliconflow.com/v1', 'https://cloud.siliconflow.com/account/ak', 'international'),
    ],
  },
  one(
    'qianfan',
    'china',
    'https://qianfan.baidubce.com/v2',
    'https://console.bce.baidu.com/iam/#/iam/apikey/list',
    compatible,
  ),
  one(
    'hunyuan',
    'china',
    'https://api.hunyuan.cloud.tencent.com/v1',
    'https://console.cloud.tencent.com/hunyuan/start',
    compatible,
  ),
  one(
    'stepfun',
    'china',
    'https://api.stepfun.com/v1',
    'https://platform.stepfun.com/interface-key',
    compatible,
  ),
  one(
    'modelscope',
    'china',
    'https://api-inference.modelscope.cn/v1',
    'https://modelscope.cn/my/myaccesstoken',
    compatible,
  ),
  one('openai', 'world', 'https://api.openai.com/v1', 'https://platform.openai.com/api-keys'),
  one('anthropic', 'world', 'https://api.anthropic.com', 'https://console.anthropic.com/settings/keys'),
  one(
    'gemini',
    'world',
    'https://generativelanguage.googleapis.com/v1beta',
    'https://aistudio.google.com/apikey',
  ),
  {
    id: 'azure',
    kind: 'azure',
    group: 'world',
    endpoints: [],
    example: 'https://my-resource.openai.azure.com',
    keys: 'https://portal.azure.com/#view/Microsoft_Azure_ProjectOxford/CognitiveServicesHub/~/OpenAI',
    asks: ['api_version'],
  },
  {
    id: 'bedrock',
    kind: 'bedrock',
    group: 'world',
    endpoints: [],
    keys: 'https://console.aws.amazon.com/bedrock/home#/api-keys',
    asks: ['region'],
    listsModels: false,
  },
  {
    id: 'vertex',
    kind: 'vertex',
    group: 'world',
    endpoints: [],
    keys: 'https://console.cloud.google.com/iam-admin/serviceaccounts',
    asks: ['location', 'project'],
    listsModels: false,
  },
  one('mistral', 'world', 'https://api.mistral.ai/v1', 'https://console.mistral.ai/api-keys'),
  one('xai', 'world', 'https://api.x.ai/v1', 'https://console.x.ai'),
  one('groq', 'world', 'https://api.groq.com/openai/v1', 'https://console.groq.com/keys'),
  one('together', 'world', 'https://api.together.xyz/v1', 'https://api.together.ai/settings/api-keys'),
  one(
    'fireworks',
    'world',
    'https://api.fireworks.ai/inference/v1',
    'https://app.fireworks.ai/settings/users/api-keys',
  ),
  one('openrouter', 'world', 'https://openrouter.ai/api/v1', 'https://openrouter.ai/settings/keys'),
  one('cohere', 'world', 'https://api.cohere.com', 'https://dashboard.cohere.com/api-keys'),
  one('perplexity', 'world', 'https://api.perplexity.ai/v1', 'https://www.perplexity.ai/account/api'),
  {
    id: 'ollama',
    kind: 'ollama',
    group: 'own',
    endpoints: [],
    example: 'http://localhost:11434/v1',
    needsKey: false,
  },
  {
    id: 'vllm',
    kind: 'vllm',
    group: 'own',
    endpoints: [],
    example: 'http://10.0.0.5:8000/v1',
    needsKey: false,
  },
  {
    id: 'custom',
    kind: compatible,
    group: 'own',
    endpoints: [],
    example: 'https://llm.example.com/v1',
    needsKey: false,
  },
]

/** Every kind of the API, for those who choose one by hand. */
export const kinds = [
  'openai',
  'openai-responses',
  compatible,
  'anthropic',
  'gemini',
  'azure',
  'bedrock',
  'vertex',
  'deepseek',
  'dashscope',
  'moonshot',
  'zhipu',
  'volcengine',
  'minimax',
  'siliconflow',
  'mistral',
  'groq',
  'xai',
  'openrouter',
  'together',
  'fireworks',
  'perplexity',
  'cloudflare',
  'cohere',
  'voyage',
  'jina',
  'ollama',
  'vllm',
  'llama-cpp',
]

export function presetOf(id: string | undefined): Preset | undefined {
  return presets.find((preset) => preset.id === id)
}

/** Whose mark a provider gets: by its address, then by its kind. */
export function markOf(kind: string | null | undefined, url: string | undefined): string | undefined {
  const host = url && URL.canParse(url) ? new URL(url).host : undefined
  const byHost = presets.find(({ endpoints }) =>
    endpoints.some((endpoint) => new URL(endpoint.url).host === host),
  )
  if (byHost) return byHost.id
  return kind === 'openai-responses' ? 'openai' : (kind ?? undefined)
}
