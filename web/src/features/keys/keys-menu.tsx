import { Activity, Download, Ellipsis, FileUp, RotateCcw, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { useConfirm } from '@/components/ui/confirm'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '@/components/ui/menu'
import { useToast } from '@/components/ui/toast'
import type { Schema } from '@/lib/api'
import { useMay } from '@/lib/session'
import { exportKeys } from './add'
import { statuses } from './search'
import type { useBatch } from './use-batch'

type Props = {
  provider: string
  counts: Schema<'KeyCounts'> | undefined
  batch: ReturnType<typeof useBatch>
  onImport: () => void
}

/** What can be done with all keys of a provider. */
export function KeysMenu({ provider, counts, batch, onImport }: Props) {
  const { t } = useTranslation('keys')
  const mayDo = useMay()
  const confirm = useConfirm()
  const toast = useToast()
  const numbers: Record<string, number | undefined> = { ...counts }
  const invalid = counts?.invalid ?? 0
  const save = async (status: string) => {
    const sure = await confirm({
      title: t('exportTitle', { count: numbers[status === 'all' ? 'total' : status] ?? 0 }),
      text: t('exportText'),
      action: t('export'),
      danger: false,
    })
    if (sure) await exportKeys(provider, status).catch((error) => toast.failed(error))
  }
  const removeInvalid = async () => {
    const sure = await confirm({
      title: t('batchAsk.delete', { count: invalid, told: invalid }),
      text: t('deleteText', { provider }),
      action: t('delete'),
      typed: invalid > 100 ? provider : undefined,
    })
    if (sure) batch.mutate({ action: 'delete', meant: { filter: { status: 'invalid' } } })
  }
  return (
    <Menu
      trigger={
        <Button size="icon" aria-label={t('more')}>
          <Ellipsis />
        </Button>
      }
    >
      {mayDo('keys.write') && (
        <>
          <MenuItem onSelect={onImport}>
            <FileUp /> {t('importFile')}
          </MenuItem>
          <MenuSeparator />
          <MenuItem onSelect={() => batch.mutate({ action: 'test', meant: { filter: {} } })}>
            <Activity /> {t('testAll')}
          </MenuItem>
          <MenuItem
            disabled={invalid === 0}
            onSelect={() => batch.mutate({ action: 'restore', meant: { filter: { status: 'invalid' } } })}
          >
            <RotateCcw /> {t('restoreInvalid')}
          </MenuItem>
          <MenuItem danger disabled={invalid === 0} onSelect={() => void removeInvalid()}>
            <Trash2 /> {t('deleteInvalid')}
          </MenuItem>
        </>
      )}
      {mayDo('keys.reveal') && (
        <>
          <MenuSeparator />
          <MenuLabel>{t('export')}</MenuLabel>
          {['all', ...statuses].map((status) => (
            <MenuItem
              key={status}
              disabled={!numbers[status === 'all' ? 'total' : status]}
              onSelect={() => void save(status)}
            >
              <Download /> {t(status === 'all' ? 'all' : `states.${status}`)}
            </MenuItem>
          ))}
        </>
      )}
    </Menu>
  )
}
