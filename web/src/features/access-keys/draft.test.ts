import { describe, expect, it } from 'vitest'
import { type AccessKey, bodyOf, budgets, changes, draftOf, emptyDraft, standing } from './draft'

const nothing = { requests: 0, tokens: 0, cost_usd: 0 }
const key: AccessKey = {
  id: '1',
  name: 'ci',
  origin: { from: 'console' },
  editable: true,
  credentials: [{ masked_key: 'sk-…1' }],
  enabled: true,
  locked: false,
  models: ['openai/*', 'demo'],
  limits: { usd_per_day: 5, requests_per_minute: 60 },
  allowed_networks: ['10.0.0.0/8'],
  tags: ['a'],
  warnings: [],
  usage: {
    open_requests: 0,
    today: { requests: 3, tokens: 40, cost_usd: 1.5 },
    this_month: nothing,
    reserved: nothing,
    remaining: {},
  },
}

describe('access keys', () => {
  it('keep what was not touched when they are edited', () => {
    const body = bodyOf(draftOf(key))
    expect(body).toMatchObject({
      models: key.models,
      allowed_networks: key.allowed_networks,
      tags: key.tags,
      expires_at: null,
    })
    expect(body.limits).toMatchObject({ usd_per_day: 5, requests_per_minute: 60, usd_per_month: null })
  })

  it('are told only what was changed, since members may not mention the rest', () => {
    expect(changes(emptyDraft, { ...emptyDraft, name: 'x' })).toEqual({ name: 'x' })
    const draft = draftOf(key)
    expect(changes(draft, { ...draft, description: 'y' })).toEqual({ name: 'ci', description: 'y' })
    expect(changes(draft, { ...draft, networks: '' })).toEqual({ name: 'ci', allowed_networks: [] })
  })

  it('may use all models unless some are named', () => {
    expect(bodyOf({ ...emptyDraft, name: 'x' }).models).toEqual(['all'])
    expect(bodyOf({ ...emptyDraft, name: 'x', models: 'a,b，c\nd' }).models).toEqual(['a', 'b', 'c', 'd'])
  })

  it('keep the minute at which they end', () => {
    const ends = '2027-03-04T05:06:00.000Z'
    expect(bodyOf(draftOf({ ...key, expires_at: ends })).expires_at).toBe(ends)
  })

  it('show how much of each budget is used', () => {
    expect(budgets(key)).toEqual([{ name: 'usd_per_day', used: 1.5, limit: 5, unit: 'usd' }])
  })

  it('tell why they do not work', () => {
    expect(standing({ ...key, enabled: false })).toBe('disabled')
    expect(standing({ ...key, expires_at: '2020-01-01T00:00:00Z' })).toBe('expired')
    expect(standing({ ...key, credentials: [] })).toBe('revoked')
    expect(standing(key)).toBe('works')
  })
})
