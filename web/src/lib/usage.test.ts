import { expect, test } from 'vitest'
import { type UsageLine, breakDown, nameIn, other, partsOf } from './usage'

const none = {
  requests: 0,
  errors: 0,
  caller_faults: 0,
  cancelled: 0,
  cache_hits: 0,
  attempts: 0,
  failed_attempts: 0,
  input_tokens: 0,
  output_tokens: 0,
  cached_tokens: 0,
  cache_write_tokens: 0,
  reasoning_tokens: 0,
  audio_input_tokens: 0,
  audio_output_tokens: 0,
  cost_nanousd: 0,
  estimated: 0,
  unpriced: 0,
}

function line(at: string, model: string | null, requests: number): UsageLine {
  const told: UsageLine = JSON.parse(JSON.stringify({ ...none, at, requests, group: { model } }))
  return told
}

const hour = 3_600_000
const from = Date.parse('2026-12-01T00:00:00Z')
const time = { from, to: from + 3 * hour, step: hour }

test('lines become series of the greatest names, with zeros between and the rest together', () => {
  const lines = [
    line('2026-12-01T00:00:00Z', 'a', 5),
    line('2026-12-01T00:00:00Z', 'b', 1),
    line('2026-12-01T02:00:00Z', null, 9),
    line('2026-12-01T02:00:00Z', 'c', 2),
    line('2026-12-01T02:00:00Z', 'silent', 0),
  ]
  const { names, hasOther, points } = breakDown(lines, 'model', 'requests', time, 2)
  expect(names).toEqual([null, 'a'])
  expect(hasOther).toBe(true)
  expect(points.map(({ s0, s1, [other]: rest }) => [s0, s1, rest])).toEqual([
    [0, 5, 1],
    [0, 0, 0],
    [9, 0, 2],
  ])
})

test('parts come with the greatest first, what has no name among them', () => {
  const lines = [line('2026-12-01T00:00:00Z', 'a', 1), line('2026-12-01T00:00:00Z', null, 3)]
  expect(partsOf(lines, 'model', 'requests').map(({ name }) => name)).toEqual([null, 'a'])
  expect(nameIn(line('2026-12-01T00:00:00Z', 'a', 1), 'user')).toBeNull()
})
