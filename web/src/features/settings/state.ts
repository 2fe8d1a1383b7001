import type { Schema } from '@/lib/api'
import type { Spec } from './specs'

export type Settings = Schema<'Settings'>
export type Origin = Schema<'Origin'>
/** Changes that are not saved yet, by name; null brings the default back. */
export type Draft = ReadonlyMap<string, unknown>

export const nameOf = (path: string[]) => path.join('.')

export function valueAt(settings: unknown, path: string[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null && key in at
        ? Object.entries(at).find(([k]) => k === key)?.[1]
        : undefined,
    settings,
  )
}

/** Where a setting comes from: its own origin, or that of the group it is in. */
export function originOf(origins: Settings['origins'], path: string[]): Origin | undefined {
  for (let length = path.length; length > 0; length--) {
    const origin = origins[`/${path.slice(0, length).join('/')}`]
    if (origin) return origin
  }
  return undefined
}

/** How a setting stands. */
export type State = {
  /** What holds, or would after saving; undefined where the server does not tell. */
  value: unknown
  told: boolean
  origin: Origin | undefined
  /** Whether it can be changed here. */
  editable: boolean
  /** Whether it differs from its default. */
  changed: boolean
  pending: boolean
}

export function stateOf(spec: Spec, answer: Settings, draft: Draft): State {
  const stored = valueAt(answer.settings, spec.path)
  const name = nameOf(spec.path)
  const pending = draft.has(name)
  const drafted = draft.get(name)
  const value = pending ? (drafted ?? spec.default) : stored
  const origin = originOf(answer.origins, spec.path)
  const isFixed = origin !== undefined && origin.from !== 'console'
  return {
    value,
    told: stored !== undefined,
    origin,
    editable: !isFixed && answer.editable.includes(spec.path[0] ?? ''),
    changed: stored !== undefined && !same(value, spec.default),
    pending,
  }
}

export function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left ?? null) === JSON.stringify(right ?? null)
}

/** The draft as JSON merge patches by section. */
export function patchOf(draft: Draft): Record<string, unknown> {
  const patch = {}
  for (const [name, value] of draft) put(patch, name.split('.'), value)
  return patch
}

function put(at: Record<string, unknown>, [key, ...rest]: string[], value: unknown) {
  if (key === undefined) return
  if (rest.length === 0) {
    at[key] = value
    return
  }
  const below: unknown = at[key]
  const group: Record<string, unknown> = isGroup(below) ? below : {}
  at[key] = group
  put(group, rest, value)
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The variable that sets it at start. */
export function variableOf(path: string[]): string {
  return `ROUNDHOUSE_${path.map((part) => part.toUpperCase()).join('__')}`
}

const sizes: [string, number][] = [
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
]

/** Bytes in the largest unit that keeps them whole. */
export function inUnit(bytes: number): { amount: number; unit: number; name: string } {
  for (const [name, unit] of sizes) {
    if (bytes >= unit && bytes % unit === 0) return { amount: bytes / unit, unit, name }
  }
  return { amount: bytes, unit: 1, name: 'B' }
}
export const units: [string, number][] = [['B', 1], ...sizes.toReversed()]
