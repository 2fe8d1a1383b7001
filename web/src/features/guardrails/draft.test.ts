import { expect, it } from 'vitest'
import { type Draft, bodyOf, draftOf, emptyDraft } from './draft'

it('has exactly one judge', () => {
  const draft: Draft = {
    ...emptyDraft,
    name: 'pii',
    patterns: [{ pattern: '\\d+', action: 'mask', replacement: '#' }],
    model: 'm',
    url: 'https://x',
  }
  expect(bodyOf(draft)).toMatchObject({
    patterns: [{ pattern: '\\d+', replacement: '#' }],
    moderation: null,
    endpoint: null,
  })
  expect(bodyOf({ ...draft, judge: 'moderation' })).toMatchObject({
    patterns: [],
    moderation: { model: 'm' },
    endpoint: null,
  })
  expect(bodyOf({ ...draft, judge: 'endpoint' })).toMatchObject({
    patterns: [],
    moderation: null,
    endpoint: { url: 'https://x' },
  })
})

it('keeps a token that is set and not shown', () => {
  const spec = { name: 'judge', endpoint: { url: 'https://judge.example.com' } }
  const body = bodyOf(draftOf({ name: 'judge', source: 'console', has_token: true, spec }))
  expect(body.endpoint).toEqual({ url: 'https://judge.example.com' })
})
