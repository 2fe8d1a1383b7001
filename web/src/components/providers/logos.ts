import anthropic from '@lobehub/icons-static-svg/icons/anthropic.svg'
import azure from '@lobehub/icons-static-svg/icons/azure-color.svg'
import baidu from '@lobehub/icons-static-svg/icons/baiducloud-color.svg'
import bailian from '@lobehub/icons-static-svg/icons/qwen-color.svg'
import bedrock from '@lobehub/icons-static-svg/icons/bedrock-color.svg'
import cloudflare from '@lobehub/icons-static-svg/icons/cloudflare-color.svg'
import cohere from '@lobehub/icons-static-svg/icons/cohere-color.svg'
import deepseek from '@lobehub/icons-static-svg/icons/deepseek-color.svg'
import doubao from '@lobehub/icons-static-svg/icons/doubao-color.svg'
import fireworks from '@lobehub/icons-static-svg/icons/fireworks-color.svg'
import gemini from '@lobehub/icons-static-svg/icons/gemini-color.svg'
import groq from '@lobehub/icons-static-svg/icons/groq.svg'
import hunyuan from '@lobehub/icons-static-svg/icons/hunyuan-color.svg'
import jina from '@lobehub/icons-static-svg/icons/jina.svg'
import kimi from '@lobehub/icons-static-svg/icons/kimi.svg'
import minimax from '@lobehub/icons-static-svg/icons/minimax-color.svg'
import mistral from '@lobehub/icons-static-svg/icons/mistral-color.svg'
import modelscope from '@lobehub/icons-static-svg/icons/modelscope-color.svg'
import ollama from '@lobehub/icons-static-svg/icons/ollama.svg'
import openai from '@lobehub/icons-static-svg/icons/openai.svg'
import openrouter from '@lobehub/icons-static-svg/icons/openrouter.svg'
import perplexity from '@lobehub/icons-static-svg/icons/perplexity-color.svg'
import siliconflow from '@lobehub/icons-static-svg/icons/siliconcloud-color.svg'
import stepfun from '@lobehub/icons-static-svg/icons/stepfun-color.svg'
import together from '@lobehub/icons-static-svg/icons/together-color.svg'
import vertex from '@lobehub/icons-static-svg/icons/vertexai-color.svg'
import vllm from '@lobehub/icons-static-svg/icons/vllm-color.svg'
import voyage from '@lobehub/icons-static-svg/icons/voyage-color.svg'
import xai from '@lobehub/icons-static-svg/icons/xai.svg'
import zhipu from '@lobehub/icons-static-svg/icons/zhipu-color.svg'

/** Addresses of the vendors' marks, by preset. */
export const logos: Record<string, string> = {
  anthropic,
  azure,
  bedrock,
  cloudflare,
  cohere,
  dashscope: bailian,
  deepseek,
  fireworks,
  gemini,
  groq,
  hunyuan,
  jina,
  minimax,
  mistral,
  modelscope,
  moonshot: kimi,
  ollama,
  openai,
  openrouter,
  perplexity,
  qianfan: baidu,
  siliconflow,
  stepfun,
  together,
  vertex,
  vllm,
  volcengine: doubao,
  voyage,
  xai,
  zhipu,
}

/** Marks in one dark colour: they are turned light on dark ground. */
export const dark = new Set([
  'anthropic',
  'groq',
  'jina',
  'moonshot',
  'ollama',
  'openai',
  'openrouter',
  'xai',
])
