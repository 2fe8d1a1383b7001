import type { Schema } from '@/lib/api'

export type AccessKey = Schema<'ShownAccessKey'>
export type Body = Schema<'AccessKeyBody'>
type Limits = Schema<'Limits'>

/** Every limit, in the order people read them. */
export const limitNames: (keyof Limits)[] = [
  'requests_per_minute',
  'tokens_per_minute',
  'concurrent',
  'requests_per_day',
  'tokens_per_day',
  'tokens_per_month',
  'usd_per_day',
  'usd_per_month',
]

/** What the form holds: texts as they are typed. */
export type Draft = {
  name: string
  description: string
  owner: string
  /** A day and time of the browser's zone, as a `datetime-local` field has it; empty is never. */
  expires: string
  models: string
  networks: string
  tags: string
  locked: boolean
  captureRequest: boolean
  captureResponse: boolean
  limits: Record<string, string>
}

export const emptyDraft: Draft = {
  name: '',
  description: '',
  owner: '',
  expires: '',
  models: '',
  networks: '',
  tags: '',
  locked: false,
  captureRequest: false,
  captureResponse: false,
  limits: {},
}

export function draftOf(key: AccessKey): Draft {
  return {
    ...emptyDraft,
    name: key.name,
    description: key.description ?? '',
    owner: key.owner ?? '',
    expires: key.expires_at ? local(key.expires_at) : '',
    models: key.models.join(' ') === 'all' ? '' : key.models.join('\n'),
    networks: key.allowed_networks.join('\n'),
    tags: key.tags.join(' '),
    locked: key.locked,
    limits: Object.fromEntries(limitNames.map((name) => [name, key.limits[name]?.toString() ?? ''])),
  }
}

/** The body of the form. `null` takes a value away, so that a field that was emptied is empty afterwards. */
export function bodyOf(draft: Draft): Body {
  const models = words(draft.models)
  const limits: Limits = {}
  for (const name of limitNames) {
    const text = draft.limits[name]?.trim() ?? ''
    limits[name] = text === '' ? null : Number(text)
  }
  return {
    name: draft.name.trim(),
    description: draft.description.trim() || null,
    owner: draft.owner.trim() || null,
    expires_at: draft.expires ? new Date(draft.expires).toISOString() : null,
    models: models.length > 0 ? models : ['all'],
    allowed_networks: words(draft.networks),
    tags: words(draft.tags),
    locked: draft.locked,
    limits,
  }
}

const fields: (keyof Body)[] = [
  'description',
  'owner',
  'expires_at',
  'models',
  'allowed_networks',
  'tags',
  'locked',
  'limits',
]

/**
 * What makes `after` of `before`, and nothing else: members may not name an owner, not even none, and of locked keys
 * they may describe, but not so much as mention what an administrator decides.
 */
export function changes(before: Draft, after: Draft): Body {
  const [old, next] = [bodyOf(before), bodyOf(after)]
  const body: Body = { name: next.name }
  const keep = <Name extends keyof Body>(name: Name) => {
    if (JSON.stringify(old[name]) !== JSON.stringify(next[name])) body[name] = next[name]
  }
  for (const name of fields) keep(name)
  return body
}

/** Names of models may hold anything but spaces, commas and line ends. */
function words(text: string): string[] {
  return text.split(/[\s,，、]+/).filter(Boolean)
}

/** An instant as a `datetime-local` field of the browser's zone has it. */
function local(time: string): string {
  const date = new Date(time)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

export type Standing = 'works' | 'disabled' | 'expired' | 'revoked'

/** Whether a key can be used now, and why not. */
export function standing(key: AccessKey, now = Date.now()): Standing {
  if (!key.enabled) return 'disabled'
  if (key.expires_at && Date.parse(key.expires_at) <= now) return 'expired'
  return key.credentials.length === 0 && key.origin.from === 'console' ? 'revoked' : 'works'
}

/** A budget with what is used of it, both in its own unit. */
export type Budget = { name: keyof Limits; used: number; limit: number; unit: 'usd' | 'tokens' | 'requests' }

export function budgets({ limits, usage }: Pick<AccessKey, 'limits' | 'usage'>): Budget[] {
  const all: [keyof Limits, number, Budget['unit']][] = [
    ['usd_per_day', usage.today.cost_usd, 'usd'],
    ['usd_per_month', usage.this_month.cost_usd, 'usd'],
    ['tokens_per_day', usage.today.tokens, 'tokens'],
    ['tokens_per_month', usage.this_month.tokens, 'tokens'],
    ['requests_per_day', usage.today.requests, 'requests'],
  ]
  return all.flatMap(([name, used, unit]) => {
    const limit = limits[name]
    return limit === null || limit === undefined ? [] : [{ name, used, limit, unit }]
  })
}
