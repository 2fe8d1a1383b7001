import * as z from 'zod/mini'
import { type TimeRange, intervals, timeRangeSearch } from '@/lib/time-range'
import type { Dimension, Measure, UsageFilter } from '@/lib/usage'

export const presets = ['24h', '7d', '30d', '90d']
export const fallback = '7d'
export const measures: Measure[] = ['cost', 'requests', 'tokens', 'errors']
const all: Dimension[] = ['model', 'provider', 'access_key', 'user', 'group', 'provider_key']

export type UsageSearch = TimeRange &
  UsageFilter & {
    by?: Dimension | undefined
    measure?: Measure | undefined
    interval?: string | undefined
    compare?: boolean | undefined
  }

const oneOf = <T extends string>(names: T[]) => z.optional(z.catch(z.optional(z.enum(names)), undefined))
/** Names may look like numbers, which addresses are read as. */
const name = z.optional(
  z.catch(z.optional(z.pipe(z.union([z.string(), z.number()]), z.transform(String))), undefined),
)

export const usageSearch = z.object({
  ...timeRangeSearch,
  by: oneOf(all),
  measure: oneOf(measures),
  interval: oneOf(intervals),
  compare: z.optional(z.catch(z.optional(z.boolean()), undefined)),
  model: name,
  provider: name,
  access_key: name,
  user: name,
  group: name,
  provider_key: name,
})

/** What is set of the filters. */
export function filterOf(search: UsageSearch): UsageFilter {
  return Object.fromEntries(all.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]])))
}

/** Usage of provider keys is not known by who asked; and members ask only for themselves. */
export function offered(search: UsageSearch, seesAll: boolean): Dimension[] {
  const byAsker = search.user !== undefined || search.group !== undefined || search.access_key !== undefined
  return all.filter((dimension) => {
    if (dimension === 'provider_key') return seesAll && !byAsker
    if (dimension === 'user' || dimension === 'group') return seesAll && search.provider_key === undefined
    return dimension !== 'access_key' || search.provider_key === undefined
  })
}

/** What a part is looked at by when one looks closer. */
export const closer: Record<Dimension, Dimension> = {
  model: 'provider',
  provider: 'model',
  access_key: 'model',
  user: 'access_key',
  group: 'user',
  provider_key: 'model',
}
