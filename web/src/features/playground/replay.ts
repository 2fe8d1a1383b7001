import { queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { ApiError, api, body } from '@/lib/api'
import type { Beginning } from './playground'
import type { Message } from './state'

const recorded = z.object({
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
  temperature: z.optional(z.nullable(z.number())),
  top_p: z.optional(z.nullable(z.number())),
  max_tokens: z.optional(z.nullable(z.number())),
  tools: z.optional(z.unknown()),
})

export type Replay = { model: string; beginning: Beginning; whole: boolean }

/** A logged request made ready to be asked again; without its body when none was kept or it is of another shape. */
export const replayQuery = (id: string) =>
  queryOptions({
    queryKey: ['playground', 'replay', id],
    staleTime: Infinity,
    queryFn: async (): Promise<Replay> => {
      const path = { params: { path: { id } } }
      const request = await body(api.GET('/api/v1/requests/{id}', path))
      const text = await body(api.GET('/api/v1/requests/{id}/bodies', path)).then(
        (bodies) => bodies.request?.text,
        (error: unknown) => {
          if (error instanceof ApiError) return undefined
          throw error
        },
      )
      const beginning = text === undefined ? undefined : read(text)
      return { model: request.model, whole: beginning !== undefined, beginning: beginning ?? nothing }
    },
  })

export const nothing: Beginning = { settings: {}, messages: [], draft: '' }

/** The settings and messages of a chat completion; its last question becomes the draft. */
export function read(text: string): Beginning | undefined {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return undefined
  }
  const found = recorded.safeParse(json)
  if (!found.success) return undefined
  const { messages, temperature, top_p, max_tokens, tools } = found.data
  const system = messages.filter(({ role }) => role === 'system' || role === 'developer')
  const said = messages.flatMap(({ role, content }): Message[] => {
    if (role === 'user') return [{ role, text: textOf(content), images: [] }]
    if (role === 'assistant') return [{ role, text: textOf(content), toolCalls: [] }]
    return []
  })
  const last = said.at(-1)
  const asked = last?.role === 'user' ? last.text : ''
  return {
    settings: {
      system: system.map(({ content }) => textOf(content)).join('\n\n'),
      temperature: temperature?.toString() ?? '',
      topP: top_p?.toString() ?? '',
      maxTokens: max_tokens?.toString() ?? '',
      tools: tools === undefined || tools === null ? '' : JSON.stringify(tools, null, 2),
    },
    messages: asked ? said.slice(0, -1) : said,
    draft: asked,
  }
}

const parts = z.array(z.object({ type: z.string(), text: z.optional(z.string()) }))

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  const read = parts.safeParse(content)
  return read.success ? read.data.map(({ text }) => text ?? '').join('\n') : ''
}
