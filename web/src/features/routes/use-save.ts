import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useToast } from '@/components/ui/toast'
import { api } from '@/lib/api'
import { useDoneWithUndo } from '@/lib/undo'
import { type Draft, bodyOf } from './draft'

/** Puts a route in force, and takes it back. */
export function useSave(model: string, onDone: () => void) {
  const { t } = useTranslation('routes')
  const client = useQueryClient()
  const toast = useToast()
  const doneWithUndo = useDoneWithUndo()
  const path = { model }
  const refresh = () => client.invalidateQueries({ queryKey: ['routes'] })
  const save = useMutation({
    mutationFn: (draft: Draft) =>
      api.PUT('/api/v1/routes/{model}', { params: { path }, body: bodyOf(draft) }),
    onSuccess: async () => {
      await refresh()
      onDone()
      await doneWithUndo(t('saved'))
    },
  })
  const takeBack = useMutation({
    mutationFn: () => api.DELETE('/api/v1/routes/{model}', { params: { path } }),
    onSuccess: async () => {
      await refresh()
      save.reset()
      onDone()
      await doneWithUndo(t('takenBack'))
    },
    onError: (error) => toast.failed(error),
  })
  return { save, takeBack }
}
