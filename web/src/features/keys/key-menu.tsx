import { Activity, Ellipsis, Eye, Pencil, Power, RotateCcw, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem, MenuSeparator } from '@/components/ui/menu'
import { useMay } from '@/lib/session'
import type { Key } from './queries'
import type { KeyActions } from './use-key-actions'

type Props = { row: Key; actions: KeyActions; onEdit: () => void }

export function KeyMenu({ row, actions, onEdit }: Props) {
  const { t } = useTranslation('keys')
  const mayDo = useMay()
  const writes = mayDo('keys.write')
  const worn = row.status === 'invalid' || row.status === 'cooling'
  return (
    <Menu
      trigger={
        <Button variant="ghost" size="icon-sm" aria-label={t('actionsOf', { key: row.masked_key })}>
          <Ellipsis />
        </Button>
      }
    >
      <MenuItem onSelect={onEdit}>
        <Pencil /> {t(writes && !row.declared ? 'edit' : 'details')}
      </MenuItem>
      {writes && (
        <MenuItem onSelect={() => actions.test.mutate(row)}>
          <Activity /> {t('test')}
        </MenuItem>
      )}
      {writes && worn && (
        <MenuItem onSelect={() => actions.restore.mutate(row)}>
          <RotateCcw /> {t('restore')}
        </MenuItem>
      )}
      {mayDo('keys.reveal') && (
        <MenuItem onSelect={() => void actions.reveal(row)}>
          <Eye /> {t('reveal')}
        </MenuItem>
      )}
      {writes && (
        <MenuItem onSelect={() => actions.toggle.mutate({ key: row, enabled: !row.enabled })}>
          <Power /> {t(row.enabled ? 'disable' : 'enable')}
        </MenuItem>
      )}
      {writes && !row.declared && (
        <>
          <MenuSeparator />
          <MenuItem danger onSelect={() => void actions.remove(row)}>
            <Trash2 /> {t('delete')}
          </MenuItem>
        </>
      )}
    </Menu>
  )
}
