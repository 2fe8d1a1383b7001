import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Activity, SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { SearchInput } from '@/components/search-input'
import { Button } from '@/components/ui/button'
import { EmptyState, Loading } from '@/components/ui/states'
import { Card, PageHeader, Stat } from '@/components/ui/surface'
import { Segments } from '@/components/ui/segments'
import { useMay } from '@/lib/session'
import { CheckAll } from './check-all'
import { HealthTable } from './health-table'
import { ProviderSheet } from './provider-sheet'
import { type Health, overviewQuery } from './queries'

export type HealthSearch = {
  provider?: string | undefined
  status?: string | undefined
  q?: string | undefined
}

type Props = { search: HealthSearch; onSearch: (part: HealthSearch) => void }

/** The worst first, then by name. */
const order: Record<string, number> = { unhealthy: 0, warning: 1, unknown: 2, healthy: 3 }

export function HealthPage({ search, onSearch }: Props) {
  const { t } = useTranslation('health')
  const mayDo = useMay()
  const overview = useQuery(overviewQuery)
  const fits = (row: Health) =>
    (!search.q || row.provider.includes(search.q.toLowerCase())) &&
    (!search.status || (search.status === 'aside' ? row.disabled_by_health : row.status === search.status))
  return (
    <>
      <PageHeader title={t('title')} text={t('text')}>
        {mayDo('providers.write') && <CheckAll />}
      </PageHeader>
      <Loading query={overview}>
        {(all) => {
          if (all.total === 0) return <NoProviders />
          const rows = all.items
            .filter(fits)
            .toSorted((a, b) => (order[a.status] ?? 4) - (order[b.status] ?? 4))
          return (
            <>
              <div className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
                <Stat label={t('status.healthy')} value={`${all.healthy} / ${all.total}`} tone="good" />
                <Stat
                  label={t('status.warning')}
                  value={all.warning}
                  {...(all.warning ? { tone: 'warn' } : {})}
                />
                <Stat
                  label={t('status.unhealthy')}
                  value={all.unhealthy}
                  {...(all.unhealthy ? { tone: 'bad' } : {})}
                />
                <Stat
                  label={t('setAside')}
                  value={all.disabled_by_health}
                  detail={t('setAsideDetail')}
                  {...(all.disabled_by_health ? { tone: 'bad' } : {})}
                />
              </div>
              <Card>
                <div className="border-line flex flex-wrap gap-2 border-b p-3">
                  <SearchInput
                    label={t('find')}
                    value={search.q ?? ''}
                    onChange={(q) => onSearch({ q: q || undefined })}
                    className="w-full sm:w-64"
                  />
                  <Segments
                    label={t('status.label')}
                    value={search.status ?? 'all'}
                    onChange={(status) => onSearch({ status: status === 'all' ? undefined : status })}
                    items={['all', 'healthy', 'warning', 'unhealthy', 'aside'].map((value) => ({
                      value,
                      label:
                        value === 'all' ? t('all') : value === 'aside' ? t('setAside') : t(`status.${value}`),
                    }))}
                  />
                </div>
                {rows.length > 0 ? (
                  <HealthTable rows={rows} onOpen={(provider) => onSearch({ provider })} />
                ) : (
                  <EmptyState icon={SearchX} title={t('noneFits')}>
                    <Button onClick={() => onSearch({ q: undefined, status: undefined })}>
                      {t('reset')}
                    </Button>
                  </EmptyState>
                )}
              </Card>
            </>
          )
        }}
      </Loading>
      <ProviderSheet provider={search.provider} onClose={() => onSearch({ provider: undefined })} />
    </>
  )
}

function NoProviders() {
  const { t } = useTranslation('health')
  return (
    <Card>
      <EmptyState icon={Activity} title={t('noProviders')} text={t('noProvidersText')}>
        <Button asChild variant="primary">
          <Link to="/providers">{t('toProviders')}</Link>
        </Button>
      </EmptyState>
    </Card>
  )
}
