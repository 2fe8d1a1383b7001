import { useQueryClient } from '@tanstack/react-query'
import { useToast } from '@/components/ui/toast'
import { api } from './api'
import { queryClient } from './query'
import { meQuery } from './session'

/** Milliseconds: a revision that is older is not the change that was made just now. */
const justNow = 15_000

/**
 * The revision of the change that one made just now. Changes answer what they changed, but not as which revision: the
 * newest is it, unless somebody else's came in between, or nothing of the configuration changed. Then there is none.
 */
export async function newestRevision(): Promise<number | undefined> {
  const { data, response } = await api.GET('/api/v1/revisions', { params: { query: { limit: 1 } } })
  const newest = data?.items[0]
  const me = queryClient.getQueryData(meQuery.queryKey)
  if (!newest || !me || newest.author_id !== me.id) return undefined
  // By the server's clock: the browser's may be wrong.
  const now = Date.parse(response.headers.get('date') ?? '') || Date.now()
  return now - Date.parse(newest.created_at) < justNow ? newest.id : undefined
}

/** Takes back a revision, says so, and offers to take that back in turn. */
export function useUndoRevision(undone: string) {
  const queryClient = useQueryClient()
  const toast = useToast()
  return async function undo(id: number) {
    try {
      await api.POST('/api/v1/revisions/{id}/revert', { params: { path: { id } } })
      const newest = await newestRevision()
      await queryClient.invalidateQueries()
      toast.done(undone, newest === undefined ? {} : { undo: () => void undo(newest) })
    } catch (error) {
      toast.failed(error)
    }
  }
}
