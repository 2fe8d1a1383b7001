import { useMutation } from '@tanstack/react-query'
import { Pencil, Power, PowerOff, RotateCcw, Trash2, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { useConfirm } from '@/components/ui/confirm'
import { useToast } from '@/components/ui/toast'
import { useFormat } from '@/lib/format'
import { useDoneWithUndo } from '@/lib/undo'
import { type Action, type Pick, changeMany } from './batch'
import type { Status } from './queries'
import { useRefresh } from './use-changes'

type Props = {
  pick: Pick
  count: number
  /** How many fit the filter, where that is more than are ticked. */
  total: number | undefined
  status: Status | undefined
  onAll: () => void
  onClear: () => void
  onRename: () => void
}

/** What can be done to the models that are ticked. */
export function BatchBar({ pick, count, total, status, onAll, onClear, onRename }: Props) {
  const { t } = useTranslation('models')
  const format = useFormat()
  const toast = useToast()
  const confirm = useConfirm()
  const refresh = useRefresh()
  const doneWithUndo = useDoneWithUndo()
  const run = useMutation({
    mutationFn: (action: Action) => changeMany(pick, { action }, false),
    onSuccess: async ({ changes, skipped }, action) => {
      onClear()
      await refresh()
      const title = t(`batch.done.${action}`, { count: changes.length })
      await doneWithUndo(
        title,
        skipped[0] && t('batch.skipped', { count: skipped.length, why: skipped[0].reason }),
      )
    },
    onError: (error) => toast.failed(error),
  })
  const remove = async () => {
    const yes = await confirm({
      title: t('batch.deleteTitle', { count }),
      text: t('batch.deleteText'),
      action: t('delete'),
    })
    if (yes) run.mutate('delete')
  }
  const busy = (action: Action) => run.isPending && run.variables === action
  return (
    <div
      role="toolbar"
      aria-label={t('batch.label')}
      className="bg-brand-soft border-line flex flex-wrap items-center gap-2 border-b px-3 py-2"
    >
      <span className="font-medium">{t('table.selected', { count })}</span>
      {total !== undefined && total > count && (
        <Button variant="link" size="sm" onClick={onAll}>
          {t('batch.all', { total: format.number(total) })}
        </Button>
      )}
      <span className="flex-1" />
      {status === 'deleted' ? (
        <Button size="sm" busy={busy('restore')} onClick={() => run.mutate('restore')}>
          <RotateCcw /> {t('restore')}
        </Button>
      ) : (
        <>
          <Button size="sm" onClick={onRename}>
            <Pencil /> {t('rename')}
          </Button>
          <Button size="sm" busy={busy('enable')} onClick={() => run.mutate('enable')}>
            <Power /> {t('enable')}
          </Button>
          <Button size="sm" busy={busy('disable')} onClick={() => run.mutate('disable')}>
            <PowerOff /> {t('disable')}
          </Button>
          <Button size="sm" busy={busy('delete')} className="text-bad" onClick={() => void remove()}>
            <Trash2 /> {t('delete')}
          </Button>
        </>
      )}
      <Button variant="ghost" size="icon-sm" aria-label={t('batch.clear')} onClick={onClear}>
        <X />
      </Button>
    </div>
  )
}
