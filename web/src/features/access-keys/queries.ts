import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useToast } from '@/components/ui/toast'
import { api, body } from '@/lib/api'

export type Filters = { q?: string | undefined; state?: string | undefined }

export const listQuery = ({ q, state }: Filters) =>
  infiniteQueryOptions({
    queryKey: ['access-keys', 'list', { q, state }],
    initialPageParam: '',
    queryFn: ({ pageParam }) => {
      const query = {
        limit: 200,
        ...(pageParam ? { cursor: pageParam } : {}),
        ...(q ? { q } : {}),
        ...(state === 'disabled' ? { enabled: false } : {}),
        ...(state === 'expired' ? { expired: true } : {}),
        ...(state === 'works' ? { enabled: true, expired: false } : {}),
      }
      return body(api.GET('/api/v1/access-keys', { params: { query } }))
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const oneQuery = (id: string) =>
  queryOptions({
    queryKey: ['access-keys', 'one', id],
    queryFn: () => body(api.GET('/api/v1/access-keys/{id}', { params: { path: { id } } })),
    refetchInterval: 10_000,
  })

type Options<T, A> = { act: (argument: A) => Promise<T>; done?: string; onDone?: (result: T) => void }

/** A change of access keys: says that it was done, or why not, and has the lists read anew. */
export function useChange<T, A = void>({ act, done, onDone }: Options<T, A>) {
  const client = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: act,
    onSuccess: (result) => {
      void client.invalidateQueries({ queryKey: ['access-keys'] })
      if (done) toast.done(done)
      onDone?.(result)
    },
    onError: (error) => toast.failed(error),
  })
}
