import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { type Schema, api, body } from '@/lib/api'

export type Revision = Schema<'ShownRevision'>
export type Change = Schema<'ShownChange'>

/** `rollback` makes everything as it was after a revision, `revert` takes back that one alone. */
export const ways = z.enum(['rollback', 'revert'])
export type Way = z.infer<typeof ways>

export const revisionsQuery = infiniteQueryOptions({
  queryKey: ['revisions'],
  queryFn: ({ pageParam }) =>
    body(api.GET('/api/v1/revisions', { params: { query: { limit: 100, ...pageParam } } })),
  initialPageParam: {},
  getNextPageParam: (last): { cursor: number } | undefined =>
    last.next_cursor ? { cursor: Number(last.next_cursor) } : undefined,
})

export function revisionQuery(id: number) {
  return queryOptions({
    queryKey: ['revisions', id],
    queryFn: () => body(api.GET('/api/v1/revisions/{id}', { params: { path: { id } } })),
  })
}

/** Does it, or only tells what it would do. */
export function undo(id: number, way: Way, dry_run: boolean) {
  const params = { path: { id }, query: { dry_run } }
  return way === 'rollback'
    ? body(api.POST('/api/v1/revisions/{id}/rollback', { params }))
    : body(api.POST('/api/v1/revisions/{id}/revert', { params }))
}
