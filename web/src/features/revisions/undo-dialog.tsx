import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Overlay } from '@/components/ui/overlay'
import { Loading } from '@/components/ui/states'
import { Notice } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { newestRevision, useUndoRevision } from '@/lib/use-undo-revision'
import { Changes } from './changes'
import { type Way, undo } from './data'

type Props = { id: number; way: Way; onClose: () => void }

/** Shows what going back would change, then does it. */
export function UndoDialog({ id, way, onClose }: Props) {
  const { t } = useTranslation('revisions')
  const toast = useToast()
  const queryClient = useQueryClient()
  const takeBack = useUndoRevision(t('undone'))
  const preview = useQuery({
    queryKey: ['revisions', id, way],
    queryFn: () => undo(id, way, true),
    staleTime: 0,
    gcTime: 0,
  })
  const act = useMutation({
    mutationFn: async () => {
      await undo(id, way, false)
      return newestRevision()
    },
    onSuccess: async (made) => {
      onClose()
      toast.done(
        t(`${way}.done`, { id }),
        made === undefined ? undefined : { undo: () => void takeBack(made) },
      )
      await queryClient.invalidateQueries()
    },
    onError: (error) => toast.failed(error),
  })
  const nothing = preview.data?.changes.length === 0
  return (
    <Overlay
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(`${way}.title`, { id })}
      description={t(`${way}.text`)}
      size="lg"
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            variant="primary"
            busy={act.isPending}
            disabled={!preview.data || nothing}
            onClick={() => act.mutate()}
          >
            {t(`${way}.action`, { id })}
          </Button>
        </>
      }
    >
      <Loading query={preview}>
        {({ changes, warnings }) => (
          <div className="flex flex-col gap-3">
            {warnings.map((warning) => (
              <Notice key={warning} tone="warn">
                {warning}
              </Notice>
            ))}
            {changes.length === 0 ? (
              <Notice>{t('nothingChanges')}</Notice>
            ) : (
              <>
                <p className="text-ink-soft">{t('preview', { count: changes.length })}</p>
                <Changes changes={changes} />
              </>
            )}
          </div>
        )}
      </Loading>
    </Overlay>
  )
}
