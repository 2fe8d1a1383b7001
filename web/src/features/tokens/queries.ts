import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { type Schema, api, body } from '@/lib/api'

export type Token = Schema<'ShownToken'>
export type FreshToken = Schema<'FreshToken'>

export const tokensQuery = infiniteQueryOptions({
  queryKey: ['tokens'],
  queryFn: ({ pageParam }) => {
    const query = { limit: 100, ...(pageParam ? { cursor: pageParam } : {}) }
    return body(api.GET('/api/v1/tokens', { params: { query } }))
  },
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor,
})

export const permissionsQuery = queryOptions({
  queryKey: ['permissions'],
  queryFn: async () => (await body(api.GET('/api/v1/groups/permissions'))).all,
  staleTime: Infinity,
})

/** Milliseconds until a moment; less than 0 when it has passed. */
export function timeLeft(end: string): number {
  return Date.parse(end) - Date.now()
}
