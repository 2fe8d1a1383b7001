import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type Schema, api, body } from '@/lib/api'
import { useMay } from '@/lib/session'

export type Dashboard = Schema<'Dashboard'>

/** Milliseconds between two looks; none while the page is hidden. */
export const every = 5_000

/** The range that is shown when the address names none. */
export const fallback = '24h'

export function useDashboard(range: string, live: boolean) {
  return useQuery({
    queryKey: ['dashboard', range],
    queryFn: () => body(api.GET('/api/v1/dashboard', { params: { query: { range } } })),
    placeholderData: keepPreviousData,
    refetchInterval: live && every,
  })
}

export function useFiring(live: boolean) {
  const mayDo = useMay()
  return useQuery({
    queryKey: ['alerts-firing'],
    queryFn: () => body(api.GET('/api/v1/alerts-firing')),
    refetchInterval: live && every,
    enabled: mayDo('health.read'),
  })
}

/** Providers that cannot be asked now, with why: by traffic, and by health checks for those who may see these. */
export function useUnhealthy(
  data: Dashboard | undefined,
  live: boolean,
): { provider: string; reason: string }[] {
  const mayDo = useMay()
  const health = useQuery({
    queryKey: ['health-overview'],
    queryFn: () => body(api.GET('/api/v1/health-overview')),
    refetchInterval: live && every,
    enabled: mayDo('health.read'),
  })
  const byTraffic = data?.unhealthy_providers ?? []
  const known = new Set(byTraffic.map(({ provider }) => provider))
  const byChecks = (health.data?.items ?? [])
    .filter((item) => !known.has(item.provider) && (item.disabled_by_health || item.status === 'unhealthy'))
    .map((item) => ({
      provider: item.provider,
      reason: item.disabled_by_health ? 'set_aside' : 'checks_failed',
    }))
  return [...byTraffic, ...byChecks]
}

/** Whether there is a provider; undefined while, or for whom, that is not known. */
export function useHasProviders(): boolean | undefined {
  const mayDo = useMay()
  const { data } = useQuery({
    queryKey: ['providers'],
    queryFn: () => body(api.GET('/api/v1/providers')),
    enabled: mayDo('providers.read'),
  })
  return data && data.items.length > 0
}
