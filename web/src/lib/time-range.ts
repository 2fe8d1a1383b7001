import * as z from 'zod/mini'

/** A time that is looked at: a length that ends now, such as `24h`, or between two moments. */
export type TimeRange = { range?: string | undefined; from?: string | undefined; to?: string | undefined }

/** Its search parameters, for `validateSearch`: `z.object({ ...timeRangeSearch, … })`. What cannot be read is left out. */
export const timeRangeSearch = {
  range: z.optional(z.catch(z.optional(z.string().check(z.regex(/^\d+[mhd]$/))), undefined)),
  from: z.optional(z.catch(z.optional(z.string().check(z.refine(isMoment))), undefined)),
  to: z.optional(z.catch(z.optional(z.string().check(z.refine(isMoment))), undefined)),
}

function isMoment(text: string) {
  return !Number.isNaN(Date.parse(text))
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const units: Record<string, number> = { m: minute, h: hour, d: day }

/** The milliseconds of `15m`, `24h`, `7d`. */
export function lengthOf(range: string): number {
  return Number(range.slice(0, -1)) * (units[range.slice(-1)] ?? hour)
}

/** When a range begins and ends, in milliseconds. */
export function boundsOf(value: TimeRange, fallback: string, now = Date.now()): { from: number; to: number } {
  const to = value.to ? Date.parse(value.to) : now
  if (value.from) return { from: Math.min(Date.parse(value.from), to - minute), to }
  return { from: to - lengthOf(value.range ?? fallback), to }
}

/** The bounds as the API takes them; an end that is now is left open. */
export function queryOf(value: TimeRange, fallback: string): { from: string; to?: string } {
  const { from } = boundsOf(value, fallback)
  return { from: new Date(from).toISOString(), ...(value.to ? { to: value.to } : {}) }
}

const steps: [longest: number, name: string, step: number][] = [
  [2 * hour, 'minute', minute],
  [8 * hour, '5m', 5 * minute],
  [2 * day, 'hour', hour],
  [10 * day, '6h', 6 * hour],
  [100 * day, 'day', day],
]

/** The most steps that are drawn; what would make more is drawn in longer ones. */
const mostSteps = 400

/** Intervals that may be asked for by name. */
export const intervals = [...steps.map(([, name]) => name), '7d']

/** An interval of `/usage`: the wanted one, or one that makes a readable chart of so long a time: some dozens of steps. */
export function stepOf(span: number, wanted?: string): { name: string; ms: number } {
  const asked = wanted === '7d' ? 7 * day : steps.find(([, name]) => name === wanted)?.[2]
  if (wanted && asked && asked <= span && span / asked <= mostSteps) return { name: wanted, ms: asked }
  const found = steps.find(([longest]) => span <= longest)
  return found ? { name: found[1], ms: found[2] } : { name: '7d', ms: 7 * day }
}

/** The beginnings of all steps of a time, which the API aligns in UTC. */
export function stepsBetween(from: number, to: number, step: number): number[] {
  const first = Math.floor(from / step) * step
  return Array.from(
    { length: Math.max(0, Math.ceil((to - first) / step)) },
    (_, index) => first + index * step,
  )
}

/** What a clock in `zone` shows at a moment, as `datetime-local` fields write it. */
export function toLocal(time: number, zone: string | undefined): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(time)
  const part = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`
}

/** The moment at which a clock in `zone` shows `local`; NaN for what is no time. */
export function fromLocal(local: string, zone: string | undefined): number {
  const wanted = Date.parse(`${local}Z`)
  if (Number.isNaN(wanted)) return wanted
  // Twice, since the first guess may lie on the other side of a change of the clocks.
  let time = wanted
  for (let tries = 0; tries < 2; tries++) time += wanted - Date.parse(`${toLocal(time, zone)}Z`)
  return time
}
