import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Tone } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { type Schema, api, body } from '@/lib/api'

export type Health = Schema<'ShownHealth'>
export type Check = Schema<'HealthPage'>['checks']['items'][number]

export const statuses = ['healthy', 'warning', 'unhealthy', 'unknown']

export const overviewQuery = queryOptions({
  queryKey: ['health', 'overview'],
  queryFn: () => body(api.GET('/api/v1/health-overview')),
  refetchInterval: 15_000,
})

/** The newest checks of a provider, for the strip in its row. */
export function recentQuery(provider: string) {
  return queryOptions({
    queryKey: ['health', 'recent', provider],
    queryFn: async () => {
      const params = { path: { id: provider }, query: { limit: 40 } }
      return (await body(api.GET('/api/v1/providers/{id}/health', { params }))).checks.items
    },
    staleTime: 60_000,
    refetchInterval: 60_000,
  })
}

export function checksQuery(provider: string) {
  return infiniteQueryOptions({
    queryKey: ['health', 'checks', provider],
    queryFn: ({ pageParam }) => {
      const query = { limit: 200, ...(pageParam ? { cursor: pageParam } : {}) }
      return body(api.GET('/api/v1/providers/{id}/health', { params: { path: { id: provider }, query } }))
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.checks.next_cursor,
  })
}

/** Asks a provider now. */
export function useCheckNow() {
  const { t } = useTranslation('health')
  const client = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (provider: string) =>
      body(api.POST('/api/v1/providers/{id}/test', { params: { path: { id: provider } } })),
    onSuccess: ({ status, reason }, provider) =>
      toast.done(t('checked', { provider, status: t(`status.${status}`) }), reason ? { text: reason } : {}),
    onError: (error) => toast.failed(error),
    onSettled: () => client.invalidateQueries({ queryKey: ['health'] }),
  })
}

export function toneOf(status: string): Tone {
  if (status === 'healthy' || status === 'works') return 'good'
  if (status === 'warning' || status === 'doubtful') return 'warn'
  return status === 'unhealthy' || status === 'failed' ? 'bad' : 'neutral'
}
