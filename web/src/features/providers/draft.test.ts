import { expect, test } from 'vitest'
import { DraftError, type Draft, draftOf, patchOf } from './draft'
import type { Spec } from './spec'

const spec: Spec = {
  kind: 'openai',
  base_urls: [{ url: 'https://a/v1', weight: 3 }, { url: 'https://b/v1' }],
  headers: { 'x-a': '1', 'x-b': 'k: v' },
  timeouts: { first_byte: '90s', total: 30 },
  body: { set: { top: { deep: 1 } }, remove: ['x.y'] },
  models: ['m', { name: 'n', as: 'o', timeouts: { total: '5m' } }],
  failures: { cumulative: true },
}

function edited(part: Partial<Draft>, texts: Record<string, string> = {}): Draft {
  const draft = draftOf(spec)
  return { ...draft, ...part, texts: { ...draft.texts, ...texts } }
}

test('a form that nobody touched changes nothing', () => {
  expect(patchOf(spec, draftOf(spec))).toEqual({})
  const plain: Spec = { kind: 'openai', weight: 5, timeouts: { total: '5m' } }
  expect(patchOf(plain, draftOf(plain))).toEqual({})
})

test('only what is different is sent, and what is emptied goes back to its default', () => {
  const patch = patchOf(
    spec,
    edited(
      { addresses: [{ url: 'https://c/v1', weight: '' }] },
      { 'timeouts.total': '', headers: 'x-a: 2', weight: '0', 'failures.cumulative': '' },
    ),
  )
  expect(patch).toEqual({
    base_url: 'https://c/v1',
    base_urls: null,
    timeouts: { total: null },
    headers: { 'x-a': '2', 'x-b': null },
    weight: 0,
    failures: null,
  })
})

test('a proxy stays until it is replaced or taken away', () => {
  expect(patchOf(spec, edited({}))).toEqual({})
  expect(patchOf(spec, edited({ proxy: ' socks5://h:1 ' }))).toEqual({ proxy: 'socks5://h:1' })
  expect(patchOf(spec, edited({ dropProxy: true }))).toEqual({ proxy: null })
})

test('JSON that is none names its field', () => {
  expect(() => patchOf(spec, edited({}, { 'body.set': '{' }))).toThrow(DraftError)
})
