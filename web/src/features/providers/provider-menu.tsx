import { Link } from '@tanstack/react-router'
import { Activity, Ellipsis, KeySquare, Power, RefreshCw, Settings2, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem, MenuSeparator } from '@/components/ui/menu'
import { useMay } from '@/lib/session'
import { type Provider, listsModels, readSpec } from './spec'
import type { useProviderActions } from './use-provider-actions'

type Props = { provider: Provider; actions: ReturnType<typeof useProviderActions> }

/** What can be done with one row of the list. */
export function ProviderMenu({ provider, actions }: Props) {
  const { t } = useTranslation('providers')
  const mayDo = useMay()
  const { name, editable } = provider
  const { enabled } = readSpec(provider)
  const off = enabled === false
  const writes = mayDo('providers.write')
  return (
    <Menu
      trigger={
        <Button variant="ghost" size="icon-sm" aria-label={t('actionsOf', { name })}>
          <Ellipsis />
        </Button>
      }
    >
      {writes && (
        <>
          <MenuItem onSelect={() => actions.test.mutate(provider)}>
            <Activity /> {t('test')}
          </MenuItem>
          {listsModels(provider) && (
            <MenuItem onSelect={() => actions.sync.mutate(provider)}>
              <RefreshCw /> {t('sync')}
            </MenuItem>
          )}
        </>
      )}
      <MenuItem asChild>
        <Link to="/keys" search={{ provider: name }}>
          <KeySquare /> {t('keysTab')}
        </Link>
      </MenuItem>
      <MenuItem asChild>
        <Link to="/providers/$name" params={{ name }} search={{ tab: 'settings' }}>
          <Settings2 /> {t('settingsTab')}
        </Link>
      </MenuItem>
      {writes && editable && (
        <>
          <MenuItem onSelect={() => actions.toggle.mutate({ provider, enabled: off })}>
            <Power /> {t(off ? 'enable' : 'disable')}
          </MenuItem>
          <MenuSeparator />
          <MenuItem danger onSelect={() => void actions.remove(provider)}>
            <Trash2 /> {t('delete')}
          </MenuItem>
        </>
      )}
    </Menu>
  )
}
