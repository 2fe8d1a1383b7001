import type { Dimension, Part } from '@/lib/usage'

/** The parts as rows of a file: the API's names as heads, so that programs can rely on them. */
export function table(
  parts: Part[],
  by: Dimension,
  nameOf: (part: Part) => string,
): (string | number | null)[][] {
  const head = [
    by,
    'name',
    'requests',
    'errors',
    'caller_faults',
    'cancelled',
    'cache_hits',
    'input_tokens',
    'output_tokens',
    'cached_tokens',
    'cache_write_tokens',
    'reasoning_tokens',
    'cost_usd',
    'unpriced',
    'average_ms',
    'p95_ms',
  ]
  return [
    head,
    ...parts.map((part) => {
      const { sums } = part
      return [
        part.name,
        part.name === null ? null : nameOf(part),
        sums.requests,
        sums.errors,
        sums.caller_faults,
        sums.cancelled,
        sums.cache_hits,
        sums.input_tokens,
        sums.output_tokens,
        sums.cached_tokens,
        sums.cache_write_tokens,
        sums.reasoning_tokens,
        sums.cost_nanousd / 1e9,
        sums.unpriced,
        sums.average_ms ?? null,
        sums.p95_ms ?? null,
      ]
    }),
  ]
}
