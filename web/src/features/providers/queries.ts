import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { ApiError, api, body } from '@/lib/api'

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: () => body(api.GET('/api/v1/providers')),
})

export const providerQuery = (name: string) =>
  queryOptions({
    queryKey: ['providers', 'one', name],
    queryFn: () => body(api.GET('/api/v1/providers/{id}', { params: { path: { id: name } } })),
  })

export const healthQuery = queryOptions({
  queryKey: ['health-overview'],
  queryFn: () => body(api.GET('/api/v1/health-overview')),
  refetchInterval: 30_000,
})

/** Asks the provider at each of its addresses, and then, where it lists models, for those. */
export const checkQuery = (name: string, listsModels: boolean) =>
  queryOptions({
    queryKey: ['provider-check', name],
    queryFn: async () => {
      const path = { params: { path: { id: name } } }
      const tested = await body(api.POST('/api/v1/providers/{id}/test', path))
      if (!tested.works || !listsModels) return { tested }
      try {
        return { tested, synced: await body(api.POST('/api/v1/providers/{id}/sync-models', path)) }
      } catch (error) {
        if (error instanceof ApiError) return { tested, unlisted: error.message }
        throw error
      }
    },
    retry: false,
    staleTime: Infinity,
    gcTime: 60_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

export const offeredQuery = (name: string) =>
  queryOptions({
    queryKey: ['models', 'offered', name],
    queryFn: () => body(api.GET('/api/v1/models', { params: { query: { provider: name, limit: 100 } } })),
  })

/** Shows anew what depends on providers. */
export function useRefresh() {
  const client = useQueryClient()
  return () =>
    Promise.all(
      ['providers', 'models', 'health-overview', 'keys', 'routes'].map((name) =>
        client.invalidateQueries({ queryKey: [name] }),
      ),
    )
}
