import { useQueryClient } from '@tanstack/react-query'
import { useToast } from '@/components/ui/toast'
import { api, body } from './api'

/** Changes answer what they changed, but not as which revision; the newest is it, asked for at once. */
export async function newestRevision(): Promise<number | undefined> {
  const page = await body(api.GET('/api/v1/revisions', { params: { query: { limit: 1 } } }))
  return page.items[0]?.id
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
