import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type Schema, api, body } from '@/lib/api'
import { type TimeRange, boundsOf, stepOf, stepsBetween } from './time-range'

export type Sums = Schema<'Sums'>
export type UsageLine = Schema<'UsageLine'>

export const dimensions = [
  'model',
  'provider',
  'access_key',
  'user',
  'group',
  'provider_key',
] satisfies string[]
export type Dimension = 'model' | 'provider' | 'access_key' | 'user' | 'group' | 'provider_key'
export type Measure = 'requests' | 'errors' | 'tokens' | 'cost'

/** What usage is summed of; names are those of the API. */
export type UsageFilter = { [name in Dimension]?: string | undefined }

export function measureOf(sums: Sums, measure: Measure): number {
  if (measure === 'cost') return sums.cost_nanousd
  if (measure === 'tokens') return sums.input_tokens + sums.output_tokens
  return sums[measure]
}

/** The name of what a line is about; null where its requests had none. */
export function nameIn(line: UsageLine, dimension: Dimension): string | null {
  const name: unknown = Object.entries(line.group).find(([key]) => key === dimension)?.[1]
  return typeof name === 'string' ? name : null
}

type Question = {
  range: TimeRange
  fallback: string
  groupBy?: Dimension
  filter?: UsageFilter
  /** One sum a step, instead of one over all of the time. */
  steps?: boolean
  /** The length of a step, where the usual one is not wanted. */
  interval?: string | undefined
  /** The time of the same length before. */
  before?: boolean
  /** Milliseconds between two looks. */
  every?: number | false
  enabled?: boolean
}

/** Sums of usage. The time is reckoned anew at each look, so that "the last hour" moves on. */
export function useUsage({
  range,
  fallback,
  groupBy,
  filter = {},
  steps,
  interval,
  before,
  every,
  enabled = true,
}: Question) {
  return useQuery({
    queryKey: ['usage', { range, groupBy, filter, steps, interval, before, fallback }],
    queryFn: async () => {
      const bounds = boundsOf(range, fallback)
      const length = bounds.to - bounds.from
      const step = stepOf(length, interval)
      // Whole steps: half a step at the beginning would look like a dip. "The last day" is 24 hours, this one among them.
      const whole = (time: number) => Math.floor(time / step.ms) * step.ms
      const first = range.from ? whole(bounds.from) : whole(bounds.to) + step.ms - length
      const [from, to] = before ? [first - length, first] : [first, bounds.to]
      const query = {
        ...filter,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        ...(groupBy ? { group_by: groupBy === 'provider_key' ? 'provider,provider_key' : groupBy } : {}),
        ...(steps ? { interval: step.name } : {}),
      }
      const { items } = await body(api.GET('/api/v1/usage', { params: { query } }))
      return { items, from, to, step: step.ms }
    },
    placeholderData: keepPreviousData,
    refetchInterval: every ?? false,
    enabled,
  })
}

export type Part = { name: string | null; provider: string | null; sums: Sums }

/** Lines over all of a time as its parts, the greatest first. */
export function partsOf(lines: UsageLine[], dimension: Dimension, measure: Measure): Part[] {
  return lines
    .map((line) => ({ name: nameIn(line, dimension), provider: nameIn(line, 'provider'), sums: line }))
    .toSorted(
      (a, b) => measureOf(b.sums, measure) - measureOf(a.sums, measure) || b.sums.requests - a.sums.requests,
    )
}

export type Breakdown = {
  /** The greatest names, with their totals; the rest are summed up under {@link other}. */
  names: (string | null)[]
  hasOther: boolean
  points: { at: string; [series: string]: string | number }[]
}

/** Series are named by their rank, since names may be anything. */
export const seriesKey = (rank: number) => `s${rank}`
export const other = 'other'

/** Lines by step as series of the greatest `most` names and all others; steps without requests are 0. */
export function breakDown(
  lines: UsageLine[],
  dimension: Dimension,
  measure: Measure,
  time: { from: number; to: number; step: number },
  most = 7,
): Breakdown {
  const totals = new Map<string | null, number>()
  for (const line of lines) {
    const name = nameIn(line, dimension)
    totals.set(name, (totals.get(name) ?? 0) + measureOf(line, measure))
  }
  const ranked = [...totals].filter(([, total]) => total > 0).toSorted((a, b) => b[1] - a[1])
  const names = ranked.slice(0, most).map(([name]) => name)
  const rank = new Map(names.map((name, index) => [name, seriesKey(index)]))
  const hasOther = ranked.length > names.length
  const keys = [...rank.values(), ...(hasOther ? [other] : [])]
  const points = new Map(
    stepsBetween(time.from, time.to, time.step).map((at): [number, Breakdown['points'][number]] => [
      at,
      { at: new Date(at).toISOString(), ...Object.fromEntries(keys.map((key) => [key, 0])) },
    ]),
  )
  for (const line of lines) {
    const value = measureOf(line, measure)
    const point = points.get(Date.parse(line.at))
    if (!point || value === 0) continue
    const key = rank.get(nameIn(line, dimension)) ?? other
    point[key] = Number(point[key] ?? 0) + value
  }
  return { names, hasOther, points: [...points.values()] }
}
