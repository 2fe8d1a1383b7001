import * as z from 'zod/mini'
import type { Beginning } from './playground'
import type { Message } from './state'

const toolCall = z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) })
const message = z.object({
  role: z.string(),
  content: z.optional(z.unknown()),
  tool_calls: z.optional(z.nullable(z.array(toolCall))),
  tool_call_id: z.optional(z.string()),
})
const number = z.optional(z.nullable(z.number()))
const chat = z.object({
  messages: z.array(message),
  temperature: number,
  top_p: number,
  max_tokens: number,
  max_completion_tokens: number,
  stream: z.optional(z.nullable(z.boolean())),
  tools: z.optional(z.unknown()),
})
const part = z.object({
  type: z.string(),
  text: z.optional(z.string()),
  image_url: z.optional(z.object({ url: z.string() })),
})

/** What the form has no place for is named, so that nobody takes the new call for the same one. */
export type Recorded = { beginning: Beginning; leftOut: string[] }

const known = new Set([...Object.keys(chat.shape), 'model', 'stream_options'])

/** The settings and messages of a recorded chat completion; its last question becomes the draft. */
export function read(text: string): Recorded | undefined {
  const json = parsed(text)
  const found = chat.safeParse(json)
  if (!found.success || typeof json !== 'object' || json === null) return undefined
  const { messages, temperature, top_p, max_tokens, max_completion_tokens, stream, tools } = found.data
  const leftOut = Object.keys(json).filter((name) => !known.has(name))
  const system: string[] = []
  const said: Message[] = []
  for (const { role, content, tool_calls, tool_call_id } of messages) {
    const { text: words, images, others } = contentOf(content)
    leftOut.push(...others)
    if (role === 'system' || role === 'developer') system.push(words)
    else if (role === 'user') said.push({ role, text: words, images })
    else if (role === 'tool') said.push({ role, id: tool_call_id ?? '', text: words })
    else if (role === 'assistant') {
      const calls = (tool_calls ?? []).map((call) => ({ id: call.id, ...call.function }))
      said.push({ role, text: words, toolCalls: calls })
    } else leftOut.push(role)
  }
  const last = said.at(-1)
  return {
    leftOut: [...new Set(leftOut)],
    beginning: {
      settings: {
        system: system.join('\n\n'),
        temperature: temperature?.toString() ?? '',
        topP: top_p?.toString() ?? '',
        maxTokens: (max_completion_tokens ?? max_tokens)?.toString() ?? '',
        stream: stream ?? false,
        tools: tools === undefined || tools === null ? '' : JSON.stringify(tools, null, 2),
      },
      messages: last?.role === 'user' ? said.slice(0, -1) : said,
      draft: last?.role === 'user' ? { text: last.text, images: last.images } : { text: '', images: [] },
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function contentOf(content: unknown): { text: string; images: string[]; others: string[] } {
  if (typeof content === 'string') return { text: content, images: [], others: [] }
  const list = z.array(part).safeParse(content)
  if (!list.success) return { text: '', images: [], others: [] }
  const of = (kind: string) => list.data.filter(({ type }) => type === kind)
  return {
    text: of('text')
      .map(({ text }) => text ?? '')
      .join('\n'),
    images: of('image_url').flatMap(({ image_url }) => image_url?.url ?? []),
    others: list.data.map(({ type }) => type).filter((type) => type !== 'text' && type !== 'image_url'),
  }
}
