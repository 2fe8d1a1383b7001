import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useReducer } from 'react'
import { ApiError, fetchApi } from '@/lib/api'
import { readProblem } from '@/lib/api/problem'
import { readEvents } from '@/lib/sse'
import { type Filters, addressOf } from './filters'
import { type TailEvent, emptyTail, onTail, requestIn } from './tail'

/** The longest time between two tries to connect. */
const longest = 15_000

/** The request log as it grows, while `wanted`; connects again by itself. */
export function useTail(filters: Filters, wanted: boolean) {
  const [tail, tell] = useReducer(onTail, emptyTail)
  const client = useQueryClient()
  const address = addressOf('/api/v1/requests/tail', filters)
  // A stream lives outside of React: it is opened with the page, and closed with it or when the filters change.
  useEffect(() => {
    if (!wanted) return
    const stop = new AbortController()
    tell({ type: 'clear' })
    const onReconnect = () => void client.invalidateQueries({ queryKey: ['requests'] })
    void follow(address, stop.signal, tell, onReconnect)
    return () => stop.abort()
  }, [address, wanted, client])
  return { tail, tell }
}

async function follow(
  address: string,
  signal: AbortSignal,
  tell: (event: TailEvent) => void,
  onReconnect: () => void,
) {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const response = await fetchApi(new URL(address, location.origin).href, { signal })
      if (!response.ok || !response.body) throw new ApiError(await readProblem(response))
      tell({ type: 'status', status: 'open' })
      // What ended in between was not told: the list knows it.
      if (failures > 0) onReconnect()
      failures = 0
      for await (const events of readEvents(response.body)) {
        const requests = events.flatMap(({ event, data }) =>
          event === 'request' ? (requestIn(data) ?? []) : [],
        )
        const skipped = events.reduce(
          (sum, { event, data }) => sum + (event === 'skipped' ? Number(data) : 0),
          0,
        )
        tell({ type: 'came', requests, skipped })
      }
    } catch (error) {
      if (signal.aborted) return
      // What is wrong with the filters does not get better by asking again.
      if (error instanceof ApiError && error.problem.status < 500) {
        tell({ type: 'status', status: 'refused', error })
        return
      }
    }
    if (signal.aborted) return
    tell({ type: 'status', status: 'waiting' })
    await new Promise((resolve) => setTimeout(resolve, Math.min(1000 * 2 ** failures, longest)))
  }
}
