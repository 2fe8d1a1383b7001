import { useTranslation } from 'react-i18next'
import { useToast } from '@/components/ui/toast'
import { useMay } from './session'
import { newestRevision, useUndoRevision } from './use-undo-revision'

/** Says that something was done, and offers to take back the revision that it made, to those who may. */
export function useDoneWithUndo() {
  const { t } = useTranslation()
  const toast = useToast()
  const may = useMay()
  const undo = useUndoRevision(t('undone'))
  return async (title: string, text?: string) => {
    const made = may('revisions.write') ? await newestRevision().catch(() => undefined) : undefined
    toast.done(title, {
      ...(text ? { text } : {}),
      ...(made === undefined ? {} : { undo: () => void undo(made) }),
    })
  }
}
