import type { LoggedRequest } from './queries'

/** The most requests that are kept on the page; a log that runs for a day must not fill the memory. */
export const most = 500

export type Tail = {
  status: 'connecting' | 'open' | 'waiting' | 'refused'
  /** What is shown, the newest first. */
  rows: LoggedRequest[]
  /** What came while the tail was paused, the newest first. */
  held: LoggedRequest[]
  paused: boolean
  /** Requests that were too many to be told. */
  skipped: number
  error?: unknown
}

export const emptyTail: Tail = { status: 'connecting', rows: [], held: [], paused: false, skipped: 0 }

export type TailEvent =
  | { type: 'came'; requests: LoggedRequest[]; skipped: number }
  | { type: 'status'; status: Tail['status']; error?: unknown }
  | { type: 'pause' }
  | { type: 'resume' }
  | { type: 'clear' }

export function onTail(tail: Tail, event: TailEvent): Tail {
  switch (event.type) {
    case 'came': {
      const skipped = tail.skipped + event.skipped
      const newest = event.requests.toReversed()
      if (tail.paused) return { ...tail, skipped, held: [...newest, ...tail.held].slice(0, most) }
      return { ...tail, skipped, rows: [...newest, ...tail.rows].slice(0, most) }
    }
    case 'status':
      return { ...tail, status: event.status, error: event.error }
    case 'pause':
      return { ...tail, paused: true }
    case 'resume':
      return { ...tail, paused: false, rows: [...tail.held, ...tail.rows].slice(0, most), held: [] }
    case 'clear':
      return { ...emptyTail, paused: tail.paused }
  }
}

/** The tail before what the list holds; each request once. */
export function merged(tail: LoggedRequest[], listed: LoggedRequest[]): LoggedRequest[] {
  if (tail.length === 0) return listed
  const ids = new Set(tail.map(({ id }) => id))
  return [...tail, ...listed.filter(({ id }) => !ids.has(id))]
}

/** The request of an event; undefined for what is none. */
export function requestIn(data: string): LoggedRequest | undefined {
  const read: unknown = JSON.parse(data)
  return isRequest(read) ? read : undefined
}

function isRequest(value: unknown): value is LoggedRequest {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    'started_at' in value &&
    'attempts' in value &&
    Array.isArray(value.attempts)
  )
}
