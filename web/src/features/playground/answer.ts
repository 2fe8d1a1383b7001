import * as z from 'zod/mini'

/** A call of a tool that the model wants made. */
export type ToolCall = { id: string; name: string; arguments: string }

/** What has come of an answer. */
export type Answer = {
  text: string
  reasoning: string
  toolCalls: ToolCall[]
  finishReason: string | undefined
  usage: Usage | undefined
  /** What a provider said when it broke the stream off. */
  error: string | undefined
}

export type Usage = { input: number; output: number }

export const noAnswer: Answer = {
  text: '',
  reasoning: '',
  toolCalls: [],
  finishReason: undefined,
  usage: undefined,
  error: undefined,
}

const calls = z.optional(
  z.nullable(
    z.array(
      z.object({
        index: z.optional(z.number()),
        id: z.optional(z.nullable(z.string())),
        function: z.optional(
          z.object({
            name: z.optional(z.nullable(z.string())),
            arguments: z.optional(z.nullable(z.string())),
          }),
        ),
      }),
    ),
  ),
)
const message = z.object({
  content: z.optional(z.nullable(z.string())),
  reasoning_content: z.optional(z.nullable(z.string())),
  tool_calls: calls,
})
const chunk = z.object({
  choices: z._default(
    z.array(
      z.object({
        delta: z.optional(message),
        message: z.optional(message),
        finish_reason: z.optional(z.nullable(z.string())),
      }),
    ),
    [],
  ),
  usage: z.optional(
    z.nullable(z.object({ prompt_tokens: z.number(), completion_tokens: z._default(z.number(), 0) })),
  ),
  error: z.optional(z.object({ message: z.string() })),
})

/** Adds a piece of a stream, or a whole answer, to what has come. What cannot be read adds nothing. */
export function addTo(answer: Answer, json: string): Answer {
  const read = chunk.safeParse(parsed(json))
  if (!read.success) return answer
  const { choices, usage, error } = read.data
  const choice = choices[0]
  const said = choice?.delta ?? choice?.message
  return {
    text: answer.text + (said?.content ?? ''),
    reasoning: answer.reasoning + (said?.reasoning_content ?? ''),
    toolCalls: said?.tool_calls ? said.tool_calls.reduce(addCall, answer.toolCalls) : answer.toolCalls,
    finishReason: choice?.finish_reason ?? answer.finishReason,
    usage: usage ? { input: usage.prompt_tokens, output: usage.completion_tokens } : answer.usage,
    error: error?.message ?? answer.error,
  }
}

type Piece = NonNullable<NonNullable<z.infer<typeof calls>>>[number]

/** Streams name a call once and then send its arguments in pieces, told apart by their index. */
function addCall(before: ToolCall[], piece: Piece, position: number): ToolCall[] {
  const index = piece.index ?? position
  const known = before[index]
  const call: ToolCall = {
    id: known?.id || (piece.id ?? ''),
    name: known?.name || (piece.function?.name ?? ''),
    arguments: (known?.arguments ?? '') + (piece.function?.arguments ?? ''),
  }
  return known ? before.with(index, call) : [...before, call]
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
