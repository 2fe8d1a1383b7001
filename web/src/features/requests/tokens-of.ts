import * as z from 'zod/mini'

const count = z._default(z.number(), 0)
const shape = z.object({
  input: count,
  output: count,
  cached: count,
  cache_write: count,
  reasoning: count,
  audio_input: count,
  audio_output: count,
})

export type Tokens = z.infer<typeof shape>

/** A request's tokens by kind. */
export function tokensOf(usage: unknown): Tokens {
  const read = shape.safeParse(usage)
  return read.success ? read.data : shape.parse({})
}

export type Kind =
  'input' | 'cached' | 'cache_write' | 'audio_input' | 'output' | 'reasoning' | 'audio_output'

/** Tokens as parts that add up: what was read from the cache is not counted as plain input once more. */
export function partsOf(tokens: Tokens): [Kind, number][] {
  const { input, cached, cache_write, audio_input, output, reasoning, audio_output } = tokens
  const parts: [Kind, number][] = [
    ['input', Math.max(0, input - cached - cache_write - audio_input)],
    ['cached', cached],
    ['cache_write', cache_write],
    ['audio_input', audio_input],
    ['output', Math.max(0, output - reasoning - audio_output)],
    ['reasoning', reasoning],
    ['audio_output', audio_output],
  ]
  return parts.filter(([, tokens]) => tokens > 0)
}

const dollars = z.optional(z.nullable(z.number()))
const priceShape = z.object({
  input: dollars,
  cached: dollars,
  cache_write: dollars,
  audio_input: dollars,
  output: dollars,
  reasoning: dollars,
  audio_output: dollars,
})

/** Dollars per million tokens of a kind; kinds without a price of their own cost what they are part of. */
export function priceOf(prices: unknown, kind: Kind): number | undefined {
  const read = priceShape.safeParse(prices)
  if (!read.success) return undefined
  const whole = kind === 'output' || kind === 'reasoning' || kind === 'audio_output' ? 'output' : 'input'
  return read.data[kind] ?? read.data[whole] ?? undefined
}
