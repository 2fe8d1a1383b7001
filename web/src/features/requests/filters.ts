import * as z from 'zod/mini'
import { type TimeRange, queryOf, timeRangeSearch } from '@/lib/time-range'

type Value = string | number | boolean
export type FieldName =
  | 'model'
  | 'provider'
  | 'access_key'
  | 'user'
  | 'group'
  | 'status'
  | 'attempt_status'
  | 'operation'
  | 'provider_key'
  | 'session'
  | 'tag'
  | 'client_ip'
  | 'min_duration_ms'
  | 'stream'
  | 'cache_hit'
  | 'id'
export type Field = { name: FieldName; kind: 'text' | 'number' | 'boolean' }

/** What can be filtered for with a chip, in the order of the menu. Outcome and words of errors have places of their own. */
export const fields: Field[] = [
  { name: 'model', kind: 'text' },
  { name: 'provider', kind: 'text' },
  { name: 'access_key', kind: 'text' },
  { name: 'user', kind: 'text' },
  { name: 'group', kind: 'text' },
  { name: 'status', kind: 'text' },
  { name: 'attempt_status', kind: 'number' },
  { name: 'operation', kind: 'text' },
  { name: 'provider_key', kind: 'text' },
  { name: 'session', kind: 'text' },
  { name: 'tag', kind: 'text' },
  { name: 'client_ip', kind: 'text' },
  { name: 'min_duration_ms', kind: 'number' },
  { name: 'stream', kind: 'boolean' },
  { name: 'cache_hit', kind: 'boolean' },
  { name: 'id', kind: 'text' },
]

export const outcomes = ['ok', 'caller_fault', 'failed', 'broken', 'cancelled']

export type Filters = TimeRange & { [name in FieldName]?: Value | undefined } & {
  outcome?: string | undefined
  error?: Value | undefined
}
export type RequestsSearch = Filters & { live?: boolean | undefined }

/** Addresses are read as JSON where they are that: `status=429` is a number. */
const value = z.optional(z.catch(z.optional(z.union([z.string(), z.number(), z.boolean()])), undefined))

export const requestsSearch = z.object({
  ...timeRangeSearch,
  model: value,
  provider: value,
  access_key: value,
  user: value,
  group: value,
  status: value,
  attempt_status: value,
  operation: value,
  provider_key: value,
  session: value,
  tag: value,
  client_ip: value,
  min_duration_ms: value,
  stream: value,
  cache_hit: value,
  id: value,
  error: value,
  outcome: z.optional(z.catch(z.optional(z.enum(outcomes)), undefined)),
  live: z.optional(z.catch(z.optional(z.boolean()), undefined)),
})

export const fallback = '24h'

const text = (value: Value | undefined) => (value === undefined || value === '' ? undefined : String(value))
const number = (value: Value | undefined) => (value === undefined ? undefined : Number(value))
const flag = (value: Value | undefined) =>
  value === undefined ? undefined : value === true || value === 'true'

/** The filters as the API takes them, but for the time. */
export function filterQuery(filters: Filters) {
  return {
    model: text(filters.model),
    provider: text(filters.provider),
    access_key: text(filters.access_key),
    user: text(filters.user),
    group: text(filters.group),
    status: text(filters.status),
    attempt_status: number(filters.attempt_status),
    operation: text(filters.operation),
    provider_key: text(filters.provider_key),
    session: text(filters.session),
    tag: text(filters.tag),
    client_ip: text(filters.client_ip),
    min_duration_ms: number(filters.min_duration_ms),
    stream: flag(filters.stream),
    cache_hit: flag(filters.cache_hit),
    id: text(filters.id),
    error: text(filters.error),
    outcome: filters.outcome,
  }
}

/** What `search` holds of filters: without what is no filter, so that it can be a cache's key. */
export function filtersOf(search: RequestsSearch): Filters {
  const filters = { ...search }
  delete filters.live
  return filters
}

/** The address of an endpoint that takes the filters, for what is not read through the typed client. */
export function addressOf(path: string, filters: Filters, more: Record<string, string> = {}): string {
  const query = new URLSearchParams(more)
  for (const [name, value] of Object.entries(filterQuery(filters)))
    if (value !== undefined) query.set(name, String(value))
  return `${path}?${query}`
}

export const exportAddress = (filters: Filters, format: 'csv' | 'jsonl') =>
  addressOf('/api/v1/requests/export', filters, { format, ...queryOf(filters, fallback) })

/** The text of a form's field as the address holds it. */
export function valueFrom({ kind }: Field, written: string): Value | undefined {
  const trimmed = written.trim()
  if (trimmed === '') return undefined
  if (kind === 'boolean') return trimmed === 'true'
  return kind === 'number' || /^[1-9]\d{0,8}$/.test(trimmed) ? Number(trimmed) : trimmed
}
