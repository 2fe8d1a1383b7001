import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Tone } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { type Schema, api, body } from '@/lib/api'
import { type Job, hasEnded } from '@/lib/jobs'

export type Schedule = Schema<'ShownSchedule'>
export type JobFilter = { state?: string | undefined; kind?: string | undefined }

export const states = ['waiting', 'running', 'done', 'failed', 'cancelled']

/** Read again and again while some job is not at its end; else now and then, since schedules make jobs. */
export function jobsQuery({ state, kind }: JobFilter) {
  return infiniteQueryOptions({
    queryKey: ['jobs', 'list', { state, kind }],
    queryFn: ({ pageParam }) => {
      const query = {
        limit: 100,
        ...(pageParam ? { cursor: pageParam } : {}),
        ...(state ? { state } : {}),
        ...(kind ? { kind } : {}),
      }
      return body(api.GET('/api/v1/jobs', { params: { query } }))
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(({ items }) => items.some((job) => !hasEnded(job))) ? 3_000 : 15_000,
  })
}

export const schedulesQuery = queryOptions({
  queryKey: ['jobs', 'schedules'],
  queryFn: async () => (await body(api.GET('/api/v1/schedules'))).items,
  refetchInterval: 15_000,
})

export function useJobActs() {
  const { t } = useTranslation('jobs')
  const client = useQueryClient()
  const toast = useToast()
  const options = (said: string) => ({
    onSuccess: () => toast.done(t(said)),
    onError: (error: Error) => toast.failed(error),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  })
  const path = (id: string) => ({ params: { path: { id } } })
  const cancel = useMutation({
    mutationFn: (id: string) => body(api.POST('/api/v1/jobs/{id}/cancel', path(id))),
    ...options('cancelAsked'),
  })
  const retry = useMutation({
    mutationFn: (id: string) => body(api.POST('/api/v1/jobs/{id}/retry', path(id))),
    ...options('retried'),
  })
  return { cancel, retry }
}

const tones: Record<string, Tone> = { done: 'good', failed: 'bad', running: 'brand', waiting: 'neutral' }

export function toneOf(job: Job): Tone {
  return tones[job.state] ?? 'neutral'
}

/** How long it ran, or has run up to now. */
export function ranFor(job: Job, now: number): number | undefined {
  if (!job.started_at) return undefined
  return Math.max(0, (job.finished_at ? Date.parse(job.finished_at) : now) - Date.parse(job.started_at))
}
