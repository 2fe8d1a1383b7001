import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Lock, PlugZap, Plus, Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { markOf } from '@/components/providers/presets'
import { ProviderLogo } from '@/components/providers/provider-logo'
import { Button } from '@/components/ui/button'
import { type Column, DataTable } from '@/components/ui/data-table'
import { Input, Select } from '@/components/ui/field'
import { EmptyState, Loading } from '@/components/ui/states'
import { Card } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { ProviderMenu } from './provider-menu'
import { KeyShare, type State, StateBadge, stateOf } from './provider-state'
import { healthQuery, providersQuery } from './queries'
import { type Provider, type Spec, addressesOf, readSpec } from './spec'
import { states } from './states'
import { useProviderActions } from './use-provider-actions'

type Props = {
  q: string
  state: State | undefined
  onFilter: (filter: { q?: string | undefined; state?: State | undefined }) => void
  onAdd: () => void
}

type Row = { provider: Provider; spec: Spec; state: State; latency: number | undefined }

/** All providers with how they stand. */
export function ProviderList({ q, state, onFilter, onAdd }: Props) {
  const { t } = useTranslation('providers')
  const navigate = useNavigate()
  const mayDo = useMay()
  const providers = useQuery(providersQuery)
  const health = useQuery({ ...healthQuery, enabled: mayDo('health.read') })
  const columns = useColumns()
  return (
    <Loading query={providers}>
      {({ items }) => {
        if (items.length === 0) {
          return (
            <Card>
              <EmptyState icon={PlugZap} title={t('emptyTitle')} text={t('emptyText')}>
                {mayDo('providers.write') && (
                  <Button variant="primary" onClick={onAdd}>
                    <Plus /> {t('addTitle')}
                  </Button>
                )}
              </EmptyState>
            </Card>
          )
        }
        const rows = items
          .map((provider): Row => {
            const known = health.data?.items.find((item) => item.provider === provider.name)
            return {
              provider,
              spec: readSpec(provider),
              state: stateOf(provider, known),
              latency: known?.statistics[0]?.p50_ms ?? undefined,
            }
          })
          .filter((row) => fits(row, q, state))
        return (
          <Card className="overflow-hidden">
            <div className="border-line flex flex-wrap gap-2 border-b p-3">
              <span className="relative min-w-48 flex-1 sm:max-w-80">
                <Search className="text-ink-faint absolute top-2.5 left-3 size-4" aria-hidden />
                <Input
                  type="search"
                  className="pl-9"
                  aria-label={t('search')}
                  placeholder={t('searchHint')}
                  value={q}
                  onChange={(event) => onFilter({ q: event.target.value || undefined, state })}
                />
              </span>
              <Select
                className="w-auto min-w-36"
                aria-label={t('state')}
                value={state ?? ''}
                onChange={(event) =>
                  onFilter({ q: q || undefined, state: states.find((name) => name === event.target.value) })
                }
              >
                <option value="">{t('anyState')}</option>
                {states.map((name) => (
                  <option key={name} value={name}>
                    {t(`status.${name}`)}
                  </option>
                ))}
              </Select>
            </div>
            {rows.length === 0 ? (
              <EmptyState icon={Search} title={t('noneFits')}>
                <Button onClick={() => onFilter({})}>{t('clearFilter')}</Button>
              </EmptyState>
            ) : (
              <DataTable
                label={t('title')}
                columns={columns}
                rows={rows}
                rowKey={({ provider }) => provider.id}
                rowHeight={56}
                onOpen={({ provider }) =>
                  void navigate({ to: '/providers/$name', params: { name: provider.name } })
                }
              />
            )}
          </Card>
        )
      }}
    </Loading>
  )
}

function fits({ provider, spec, state }: Row, q: string, wanted: State | undefined): boolean {
  const text = [provider.name, provider.kind ?? '', ...addressesOf(spec)].join(' ').toLowerCase()
  return text.includes(q.trim().toLowerCase()) && (wanted === undefined || state === wanted)
}

function useColumns(): Column<Row>[] {
  const { t } = useTranslation('providers')
  const format = useFormat()
  const actions = useProviderActions()
  return [
    {
      id: 'name',
      header: t('provider'),
      cell: ({ provider, spec }) => (
        <span className="flex min-w-0 items-center gap-3">
          <ProviderLogo mark={markOf(provider.kind, addressesOf(spec)[0])} />
          <span className="min-w-0">
            <span className="flex items-center gap-1.5">
              <Link
                to="/providers/$name"
                params={{ name: provider.name }}
                className="max-w-32 truncate font-medium hover:underline sm:max-w-56"
              >
                {provider.name}
              </Link>
              {!provider.editable && (
                <Lock className="text-ink-faint size-3.5 shrink-0" aria-label={t('declared')} />
              )}
            </span>
            <span className="text-ink-faint block max-w-32 truncate text-xs sm:max-w-64">
              {addressesOf(spec)[0] ?? t(`kinds.${provider.kind ?? 'unknown'}`)}
            </span>
          </span>
        </span>
      ),
    },
    { id: 'state', header: t('state'), cell: ({ state }) => <StateBadge state={state} /> },
    {
      id: 'keys',
      header: t('workingKeys'),
      from: 'sm',
      cell: ({ provider }) => (
        <Link to="/keys" search={{ provider: provider.name }}>
          <KeyShare keys={provider.keys} />
        </Link>
      ),
    },
    {
      id: 'models',
      header: t('models'),
      align: 'right',
      from: 'md',
      cell: ({ provider }) => (provider.models == null ? '–' : format.number(provider.models)),
    },
    {
      id: 'latency',
      header: t('latency'),
      align: 'right',
      from: 'lg',
      cell: ({ latency }) => (latency === undefined ? '–' : format.duration(latency)),
    },
    { id: 'tier', header: t('tier'), align: 'right', from: 'lg', cell: ({ spec }) => spec.tier ?? 0 },
    { id: 'weight', header: t('weight'), align: 'right', from: 'lg', cell: ({ spec }) => spec.weight ?? 10 },
    {
      id: 'menu',
      header: <span className="sr-only">{t('more')}</span>,
      align: 'right',
      cell: ({ provider }) => <ProviderMenu provider={provider} actions={actions} />,
    },
  ]
}
