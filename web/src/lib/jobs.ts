import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiError, type Schema, api, body, fetchApi } from './api'
import { readProblem } from './api/problem'

export type Job = Schema<'ShownJob'>

const ended = new Set(['done', 'failed', 'cancelled'])

export function hasEnded(job: Job): boolean {
  return ended.has(job.state)
}

/** A job as it is now, told by its events until it has ended. */
export function useJob(id: string | undefined) {
  const client = useQueryClient()
  return useQuery({
    queryKey: ['jobs', id],
    queryFn: ({ signal }) => follow(id ?? '', signal, client),
    enabled: id !== undefined,
    staleTime: ({ state }) => (state.data && hasEnded(state.data) ? Infinity : 0),
    refetchOnWindowFocus: false,
  })
}

async function follow(id: string, signal: AbortSignal, client: QueryClient): Promise<Job> {
  const path = { params: { path: { id } } }
  let job = await body(api.GET('/api/v1/jobs/{id}', path))
  const tell = (next: Job) => {
    job = next
    client.setQueryData(['jobs', id], next)
  }
  tell(job)
  if (hasEnded(job)) return job
  const response = await fetchApi(new URL(`/api/v1/jobs/${id}/events`, location.origin).href, { signal })
  if (!response.ok || !response.body) throw new ApiError(await readProblem(response))
  let rest = ''
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { value, done } = await reader.read()
    if (done) break
    const lines = `${rest}${value}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      // What a job is, the first call has shown; an event only says that it is different now.
      if (line.startsWith('data:')) tell(JSON.parse(line.slice(5)))
    }
  }
  // The server closes the stream when the job has ended; where it broke before, this tells how far it is.
  return body(api.GET('/api/v1/jobs/{id}', path))
}
