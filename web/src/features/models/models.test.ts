import { describe, expect, it } from 'vitest'
import { isComplete } from './batch'
import { specOf } from './overrides'
import { asked } from './queries'
import { readSource } from './source'

describe('what a filter asks for', () => {
  it('keeps the statuses apart', () => {
    expect(asked({})).toEqual({})
    expect(asked({ provider: 'p', q: 'x', status: 'disabled' })).toEqual({
      provider: 'p',
      q: 'x',
      enabled: false,
      missing: false,
    })
  })
})

describe("a price's source", () => {
  it('has a page and a month', () => {
    expect(
      readSource('https://a.example/m, from knowledge; shutdown: https://b.example/d (2026-10)'),
    ).toEqual({
      links: ['https://a.example/m'],
      month: '2026-10',
      own: false,
    })
  })

  it('may be the operator', () => {
    expect(readSource('catalogue')).toEqual({ links: [], month: undefined, own: true })
  })
})

describe('an override', () => {
  const facts = {
    prices: { input: '', output: '' },
    context: '',
    output: '',
    tools: '',
  } satisfies Parameters<typeof specOf>[0]

  it('leaves prices alone that nobody touched', () => {
    expect(specOf(facts, facts)).toEqual({
      context_tokens: null,
      max_output_tokens: null,
      tools: null,
    })
  })

  it('keeps a nought apart from nothing', () => {
    expect(specOf({ ...facts, prices: { input: '0', output: '' }, tools: 'no' }, facts)).toMatchObject({
      prices: { input: 0, output: null },
      tools: false,
    })
  })
})

it('tries only rules that say enough', () => {
  expect(isComplete({ action: 'rename', pattern: '' })).toBe(false)
  expect(isComplete({ action: 'add_prefix', prefix: 'x/' })).toBe(true)
  expect(isComplete({ action: 'strip_date' })).toBe(true)
})
