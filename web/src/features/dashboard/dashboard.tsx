import { Link } from '@tanstack/react-router'
import { PlugZap, Sparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { TimeRangePicker } from '@/components/time-range'
import { Button } from '@/components/ui/button'
import { EmptyState, Loading, Skeleton } from '@/components/ui/states'
import { Card, PageHeader } from '@/components/ui/surface'
import type { Dimension, Measure } from '@/lib/usage'
import { BreakdownPanel } from './breakdown-panel'
import { Headline } from './headline'
import { LiveButton } from './live-button'
import { type Dashboard, fallback, useDashboard, useFiring, useHasProviders, useUnhealthy } from './queries'
import { TopLists } from './top-lists'
import { type View, ranges } from './search'
import { TrafficPanel } from './traffic-panel'
import { Trouble } from './trouble'

export type DashboardSearch = {
  range?: string | undefined
  paused?: boolean | undefined
  view?: View | undefined
  by?: Dimension | undefined
  measure?: Measure | undefined
}

type Props = { search: DashboardSearch; onChange: (change: DashboardSearch) => void }

/** How things stand, at one look. */
export function DashboardPage({ search, onChange }: Props) {
  const { t } = useTranslation('dashboard')
  const range = search.range ?? fallback
  const live = !search.paused
  const query = useDashboard(range, live)
  const firing = useFiring(live)
  const unhealthy = useUnhealthy(query.data, live)
  const hasProviders = useHasProviders()
  if (hasProviders === false) return <NoProviders />
  const shown = (data: Dashboard) => (
    <div className="flex flex-col gap-4">
      <Trouble unhealthy={unhealthy} firing={firing.data?.items} />
      <Headline data={data} />
      <TrafficPanel data={data} view={search.view ?? 'traffic'} onView={(view) => onChange({ view })} />
      <BreakdownPanel
        range={range}
        live={live}
        by={search.by ?? 'model'}
        measure={search.measure ?? 'requests'}
        onChange={onChange}
      />
      <TopLists data={data} range={range} measure={search.measure ?? 'requests'} />
    </div>
  )
  return (
    <>
      <PageHeader title={t('title')}>
        <TimeRangePicker
          presets={ranges}
          fallback={fallback}
          custom={false}
          value={{ range: search.range }}
          onChange={({ range }) => onChange({ range })}
        />
        <LiveButton
          live={live}
          updatedAt={query.dataUpdatedAt}
          onChange={(next) => onChange({ paused: next ? undefined : true })}
        />
      </PageHeader>
      <Loading query={query} skeleton={<Loads />}>
        {shown}
      </Loading>
    </>
  )
}

function Loads() {
  const { t } = useTranslation('dashboard')
  return (
    <div role="status" aria-label={t('loading.text')} className="flex flex-col gap-4">
      <div className="grid grid-cols-2 gap-3 md:grid-cols-3 2xl:grid-cols-6">
        {Array.from({ length: 6 }, (_, card) => (
          <Skeleton key={card} className="h-36" />
        ))}
      </div>
      <Skeleton className="h-80" />
      <Skeleton className="h-80" />
    </div>
  )
}

function NoProviders() {
  const { t } = useTranslation('dashboard')
  return (
    <>
      <PageHeader title={t('title')} />
      <Card>
        <EmptyState icon={PlugZap} title={t('noProviders')} text={t('noProvidersText')}>
          <Button asChild variant="primary">
            <Link to="/welcome">
              <Sparkles /> {t('begin')}
            </Link>
          </Button>
        </EmptyState>
      </Card>
    </>
  )
}
