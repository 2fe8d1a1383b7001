import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Activity, RefreshCw, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BackLink } from '@/components/back-link'
import { markOf } from '@/components/providers/presets'
import { ProviderLogo } from '@/components/providers/provider-logo'
import { Button } from '@/components/ui/button'
import { Switch } from '@/components/ui/field'
import { Tabs } from '@/components/ui/menu'
import { Loading } from '@/components/ui/states'
import { Notice, PageHeader } from '@/components/ui/surface'
import { useMay } from '@/lib/session'
import { HealthTab } from './health-tab'
import { OverviewTab } from './overview-tab'
import { StateBadge, stateOf } from './provider-state'
import { healthQuery, providerQuery } from './queries'
import { SettingsTab } from './settings-tab'
import { type Provider, addressesOf, listsModels, readSpec } from './spec'
import { useProviderActions } from './use-provider-actions'

type Props = {
  name: string
  tab: string
  onTab: (tab: string) => void
  /** The provider's keys, which are a page of their own, too. */
  keys: ReactNode
}

/** One provider: how it stands, its keys, its health, its settings. */
export function ProviderPage({ name, tab, onTab, keys }: Props) {
  const { t } = useTranslation('providers')
  const mayDo = useMay()
  const provider = useQuery(providerQuery(name))
  return (
    <>
      <BackLink to="/providers">{t('title')}</BackLink>
      <Loading query={provider}>
        {(found) => (
          <>
            <Header provider={found} />
            <Tabs
              value={tab}
              onValueChange={onTab}
              tabs={[
                { value: 'overview', label: t('overviewTab'), content: <OverviewTab provider={found} /> },
                { value: 'keys', label: t('keysTab'), content: keys },
                ...(mayDo('health.read')
                  ? [{ value: 'health', label: t('healthTab'), content: <HealthTab name={name} /> }]
                  : []),
                {
                  value: 'settings',
                  label: t('settingsTab'),
                  content: <SettingsTab key={found.id} provider={found} />,
                },
              ]}
            />
          </>
        )}
      </Loading>
    </>
  )
}

function Header({ provider }: { provider: Provider }) {
  const { t } = useTranslation('providers')
  const mayDo = useMay()
  const navigate = useNavigate()
  const actions = useProviderActions()
  const health = useQuery({ ...healthQuery, enabled: mayDo('health.read') })
  const spec = readSpec(provider)
  const { name, kind, editable, origin } = provider
  const state = stateOf(
    provider,
    health.data?.items.find((item) => item.provider === name),
  )
  const writes = mayDo('providers.write')
  return (
    <>
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-3">
            <ProviderLogo mark={markOf(kind, addressesOf(spec)[0])} />
            {name}
            <StateBadge state={state} />
          </span>
        }
      >
        {writes && editable && (
          <label className="mr-2 flex items-center gap-2">
            <Switch
              checked={spec.enabled !== false}
              disabled={actions.toggle.isPending}
              onCheckedChange={(enabled) => actions.toggle.mutate({ provider, enabled })}
            />
            {t('inUse')}
          </label>
        )}
        {writes && (
          <Button busy={actions.test.isPending} onClick={() => actions.test.mutate(provider)}>
            <Activity /> {t('test')}
          </Button>
        )}
        {writes && listsModels(provider) && (
          <Button busy={actions.sync.isPending} onClick={() => actions.sync.mutate(provider)}>
            <RefreshCw /> <span className="max-sm:sr-only">{t('sync')}</span>
          </Button>
        )}
        {writes && editable && (
          <Button
            size="icon"
            aria-label={t('delete')}
            onClick={async () => {
              if (await actions.remove(provider)) await navigate({ to: '/providers' })
            }}
          >
            <Trash2 className="text-bad" />
          </Button>
        )}
      </PageHeader>
      {!editable && (
        <Notice tone="neutral" className="mb-4">
          {t('declared')}:{' '}
          {origin.from === 'file'
            ? t('declaredFile', { line: origin.line })
            : origin.from === 'environment'
              ? t('declaredEnvironment', { name: origin.name })
              : ''}
        </Notice>
      )}
    </>
  )
}
