import * as z from 'zod/mini'
import { mergePatch } from '@/lib/merge-patch'
import { readModels, writeModels } from './model-lines'
import type { Spec } from './spec'

type Type = 'text' | 'number' | 'span' | 'words' | 'yes' | 'json' | 'headers' | 'models'

/** Settings that the form shows, by their path, with what stands in them when nothing does (docs/configuration.md). */
export const fields: Record<string, { type: Type; usual?: string }> = {
  kind: { type: 'text' },
  tier: { type: 'number', usual: '0' },
  weight: { type: 'number', usual: '10' },
  models: { type: 'models' },
  discovery_interval: { type: 'span' },
  api_version: { type: 'text' },
  region: { type: 'text', usual: 'us-east-1' },
  project: { type: 'text' },
  location: { type: 'text', usual: 'global' },
  dialects: { type: 'words' },
  headers: { type: 'headers' },
  remove_headers: { type: 'words' },
  forward_headers: { type: 'words' },
  'timeouts.connect': { type: 'span', usual: '10s' },
  'timeouts.first_byte': { type: 'span', usual: '120s' },
  'timeouts.idle': { type: 'span', usual: '120s' },
  'timeouts.total': { type: 'span', usual: '600s' },
  'key_limits.requests_per_minute': { type: 'number' },
  'key_limits.tokens_per_minute': { type: 'number' },
  'key_limits.requests_per_day': { type: 'number' },
  'key_limits.concurrent': { type: 'number' },
  'failures.threshold': { type: 'number', usual: '3' },
  'failures.cumulative': { type: 'yes' },
  'cooldowns.rate_limit': { type: 'span', usual: '30s' },
  'cooldowns.rate_limit_max': { type: 'span', usual: '30m' },
  'cooldowns.quota': { type: 'span', usual: '6h' },
  'probes.interval': { type: 'span', usual: '60m' },
  'probes.timeout': { type: 'span', usual: '20s' },
  'probes.concurrency': { type: 'number', usual: '10' },
  'probes.model': { type: 'text' },
  'body.set': { type: 'json' },
  'body.remove': { type: 'words' },
  'capture.request': { type: 'yes' },
  'capture.response': { type: 'yes' },
  'capture.max_bytes': { type: 'number', usual: '65536' },
}

export type Draft = {
  /** What stands in the fields, by their path; empty is the default. */
  texts: Record<string, string>
  addresses: { url: string; weight: string }[]
  /** A new proxy; empty keeps what is set. */
  proxy: string
  dropProxy: boolean
}

const tree = z.record(z.string(), z.unknown())

function child(value: unknown, key: string): unknown {
  const read = tree.safeParse(value)
  return read.success ? read.data[key] : undefined
}

function write(type: Type, value: unknown, spec: Spec): string {
  if (value === null || value === undefined) return ''
  if (type === 'models') return writeModels(spec.models ?? [])
  if (type === 'words') return z.array(z.string()).parse(value).join(', ')
  if (type === 'json') return JSON.stringify(value, null, 2)
  if (type === 'yes') return value === true ? 'true' : ''
  if (type === 'headers')
    return Object.entries(tree.parse(value))
      .map(([name, text]) => `${name}: ${String(text)}`)
      .join('\n')
  return String(value)
}

export function draftOf(spec: Spec): Draft {
  const texts = Object.fromEntries(
    Object.entries(fields).map(([path, { type }]) => [
      path,
      write(
        type,
        path.split('.').reduce<unknown>((value, key) => child(value, key), spec),
        spec,
      ),
    ]),
  )
  const several = spec.base_urls?.map(({ url, weight }) => ({ url, weight: String(weight ?? '') }))
  return {
    texts,
    addresses: several?.length ? several : [{ url: spec.base_url ?? '', weight: '' }],
    proxy: '',
    dropProxy: false,
  }
}

function read(type: Type, text: string, spec: Spec): unknown {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  if (type === 'number') return Number(trimmed)
  if (type === 'span') return /^\d+$/.test(trimmed) ? Number(trimmed) : trimmed
  if (type === 'words') return trimmed.split(/[\s,;]+/).filter(Boolean)
  if (type === 'yes') return trimmed === 'true' ? true : undefined
  if (type === 'models') return readModels(text, spec.models ?? [])
  if (type === 'json') return tree.parse(JSON.parse(trimmed))
  if (type === 'headers')
    return Object.fromEntries(
      trimmed.split('\n').flatMap((line) => {
        const [name = '', ...rest] = line.split(':')
        return name.trim() ? [[name.trim(), rest.join(':').trim()]] : []
      }),
    )
  return trimmed
}

export class DraftError extends Error {
  readonly path: string

  constructor(path: string) {
    super(path)
    this.path = path
  }
}

/** The merge patch that makes the stored provider what the form says. */
export function patchOf(spec: Spec, draft: Draft): Record<string, unknown> {
  const next: Record<string, unknown> = { ...spec }
  for (const [path, { type }] of Object.entries(fields)) {
    const [head = '', inner] = path.split('.')
    let value: unknown
    try {
      value = read(type, draft.texts[path] ?? '', spec)
    } catch {
      throw new DraftError(path)
    }
    if (inner === undefined) next[head] = value
    else {
      const before = tree.safeParse(next[head])
      next[head] = { ...(before.success ? before.data : {}), [inner]: value }
    }
  }
  const rows = draft.addresses.filter(({ url }) => url.trim() !== '')
  const [first] = rows
  const single = rows.length === 1 && (first?.weight === '' || first?.weight === '1')
  next.base_url = single ? first?.url.trim() : undefined
  next.base_urls =
    rows.length === 0 || single
      ? undefined
      : rows.map(({ url, weight }) => ({
          url: url.trim(),
          ...(weight === '' ? {} : { weight: Number(weight) }),
        }))
  const patch = mergePatch(spec, withoutEmpty(next))
  if (draft.dropProxy) patch.proxy = null
  else if (draft.proxy.trim()) patch.proxy = draft.proxy.trim()
  return patch
}

/** Sections without a setting are as good as absent. */
function withoutEmpty(spec: Record<string, unknown>): Record<string, unknown> {
  const sections = new Set(Object.keys(fields).flatMap((path) => path.split('.').slice(0, -1)))
  return Object.fromEntries(
    Object.entries(spec).filter(([key, value]) => {
      if (!sections.has(key)) return true
      const section = tree.safeParse(value)
      return section.success && Object.values(section.data).some((inner) => inner !== undefined)
    }),
  )
}
