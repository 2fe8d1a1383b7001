import { useInfiniteQuery } from '@tanstack/react-query'
import { Activity } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type Column, DataTable } from '@/components/ui/data-table'
import { EmptyState, Loading } from '@/components/ui/states'
import { Badge, Card, Notice, Stat } from '@/components/ui/surface'
import { type Schema, api, body } from '@/lib/api'
import { useFormat } from '@/lib/format'

type Check = Schema<'Page_ShownCheck'>['items'][number]

/** How a provider fared: over a day, a week and thirty days, and check by check. */
export function HealthTab({ name }: { name: string }) {
  const { t } = useTranslation('providers')
  const format = useFormat()
  const health = useInfiniteQuery({
    queryKey: ['health-overview', name],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/api/v1/providers/{id}/health', {
          params: { path: { id: name }, query: { limit: 100, cursor: pageParam || undefined } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ checks }) => checks.next_cursor ?? undefined,
  })
  const columns = useColumns()
  return (
    <Loading query={health}>
      {({ pages }) => {
        const first = pages[0]?.health
        const checks = pages.flatMap((page) => page.checks.items)
        return (
          <div className="flex flex-col gap-4">
            {first?.reason && (
              <Notice tone={first.status === 'unhealthy' ? 'bad' : 'warn'} className="break-words">
                {first.disabled_by_health && <strong className="mr-1">{t('suspendedText')}</strong>}
                {first.reason}
              </Notice>
            )}
            <div className="grid gap-3 sm:grid-cols-3">
              {first?.statistics.map(({ window, uptime, checks, p50_ms, p95_ms, p99_ms }) => (
                <Stat
                  key={window}
                  label={t(`windows.${window}`, { count: checks })}
                  value={uptime == null ? '–' : format.percent(uptime)}
                  detail={
                    p50_ms != null && p95_ms != null && p99_ms != null
                      ? `p50 ${format.duration(p50_ms)} · p95 ${format.duration(p95_ms)} · p99 ${format.duration(p99_ms)}`
                      : undefined
                  }
                  tone={uptime == null || uptime >= 0.99 ? undefined : uptime >= 0.9 ? 'warn' : 'bad'}
                />
              ))}
            </div>
            <Card className="overflow-hidden">
              {checks.length === 0 ? (
                <EmptyState icon={Activity} title={t('noChecks')} text={t('noChecksText')} />
              ) : (
                <DataTable
                  label={t('checks')}
                  columns={columns}
                  rows={checks}
                  rowKey={({ id }) => id}
                  onEnd={() => health.hasNextPage && !health.isFetching && void health.fetchNextPage()}
                />
              )}
            </Card>
          </div>
        )
      }}
    </Loading>
  )
}

function useColumns(): Column<Check>[] {
  const { t } = useTranslation('providers')
  const format = useFormat()
  return [
    {
      id: 'at',
      header: t('time'),
      className: 'whitespace-nowrap',
      cell: ({ at }) => <time dateTime={at}>{format.dateTime(at)}</time>,
    },
    {
      id: 'outcome',
      header: t('result'),
      cell: ({ outcome }) => (
        <Badge tone={outcome === 'works' ? 'good' : outcome === 'doubtful' ? 'warn' : 'bad'}>
          {t(`outcome.${outcome}`)}
        </Badge>
      ),
    },
    {
      id: 'latency',
      header: t('latency'),
      align: 'right',
      cell: ({ latency_ms }) => format.duration(latency_ms),
    },
    {
      id: 'address',
      header: t('address'),
      from: 'md',
      cell: ({ address }) => <span className="font-mono text-xs break-all">{address}</span>,
    },
    {
      id: 'error',
      header: t('error'),
      from: 'sm',
      cell: ({ error }) => <span className="text-ink-soft line-clamp-1 break-all">{error}</span>,
    },
    { id: 'by', header: t('by'), from: 'lg', cell: ({ manual }) => t(manual ? 'byHand' : 'bySchedule') },
  ]
}
