import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type Schema, api, body } from '@/lib/api'
import { queryOf } from '@/lib/time-range'
import { type Filters, fallback, filterQuery } from './filters'

export type LoggedRequest = Schema<'ShownRequest'>

export function useRequests(filters: Filters) {
  return useInfiniteQuery({
    queryKey: ['requests', filters],
    queryFn: ({ pageParam }) => {
      const page = pageParam ? { cursor: pageParam } : {}
      const query = { ...filterQuery(filters), ...queryOf(filters, fallback), limit: 100, ...page }
      return body(api.GET('/api/v1/requests', { params: { query } }))
    },
    initialPageParam: '',
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  })
}

export function useRequest(id: string) {
  return useQuery({
    queryKey: ['request', id],
    queryFn: () => body(api.GET('/api/v1/requests/{id}', { params: { path: { id } } })),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Who looks at bodies is written into the audit log: only asked for when somebody wants to see them. */
export function useBodies(id: string, wanted: boolean) {
  return useQuery({
    queryKey: ['request', id, 'bodies'],
    queryFn: () => body(api.GET('/api/v1/requests/{id}/bodies', { params: { path: { id } } })),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: wanted,
  })
}
