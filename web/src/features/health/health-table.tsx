import { useQuery } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { type Column, DataTable } from '@/components/ui/data-table'
import { Badge } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { CheckStrip } from './check-strip'
import { type Health, recentQuery, toneOf, useCheckNow } from './queries'

export function HealthTable({ rows, onOpen }: { rows: Health[]; onOpen: (provider: string) => void }) {
  const { t } = useTranslation('health')
  const columns = useColumns(onOpen)
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.provider}
      onOpen={(row) => onOpen(row.provider)}
    />
  )
}

function useColumns(onOpen: (provider: string) => void): Column<Health>[] {
  const { t } = useTranslation('health')
  const format = useFormat()
  const mayDo = useMay()
  const check = useCheckNow()
  const ms = (value: number | null | undefined) => (value == null ? '–' : format.duration(value))
  const day = (row: Health) => row.statistics.find(({ window }) => window === '24h')
  return [
    {
      id: 'provider',
      header: t('provider'),
      className: 'max-w-44 sm:max-w-56',
      cell: (row) => (
        <button
          type="button"
          className="block max-w-full truncate font-medium hover:underline"
          onClick={() => onOpen(row.provider)}
        >
          {row.provider}
        </button>
      ),
    },
    { id: 'status', header: t('status.label'), cell: (row) => <StatusBadges health={row} /> },
    {
      id: 'reason',
      header: t('reason'),
      from: 'xl',
      className: 'max-w-72',
      cell: (row) => (
        <span className="text-ink-soft block truncate" title={row.reason ?? undefined}>
          {row.reason}
        </span>
      ),
    },
    {
      id: 'strip',
      header: t('recent'),
      from: 'lg',
      className: 'w-52',
      cell: (row) => <RecentStrip provider={row.provider} />,
    },
    {
      id: 'uptime',
      header: t('uptime24h'),
      align: 'right',
      from: 'sm',
      cell: (row) => {
        const uptime = day(row)?.uptime
        return uptime == null ? '–' : format.percent(uptime)
      },
    },
    {
      id: 'p50',
      className: 'whitespace-nowrap',
      header: 'p50',
      align: 'right',
      from: 'md',
      cell: (row) => ms(day(row)?.p50_ms),
    },
    {
      id: 'p95',
      className: 'whitespace-nowrap',
      header: 'p95',
      align: 'right',
      from: 'md',
      cell: (row) => ms(day(row)?.p95_ms),
    },
    {
      id: 'p99',
      className: 'whitespace-nowrap',
      header: 'p99',
      align: 'right',
      from: 'xl',
      cell: (row) => ms(day(row)?.p99_ms),
    },
    {
      id: 'last',
      header: t('lastCheck'),
      from: 'md',
      className: 'whitespace-nowrap text-ink-soft',
      cell: (row) => (row.checked_at ? format.ago(row.checked_at) : t('never')),
    },
    {
      id: 'act',
      header: <span className="sr-only">{t('checkNow')}</span>,
      align: 'right',
      cell: (row) =>
        mayDo('providers.write') && (
          <Button
            size="icon-sm"
            variant="ghost"
            aria-label={t('checkOne', { provider: row.provider })}
            title={t('checkNow')}
            busy={check.isPending && check.variables === row.provider}
            onClick={() => check.mutate(row.provider)}
          >
            {!(check.isPending && check.variables === row.provider) && <RefreshCw />}
          </Button>
        ),
    },
  ]
}

/** How a provider fares, and whether it gets no requests for that. */
export function StatusBadges({ health }: { health: Health }) {
  const { t } = useTranslation('health')
  return (
    <span className="inline-flex gap-1 whitespace-nowrap">
      <Badge tone={toneOf(health.status)}>{t(`status.${health.status}`)}</Badge>
      {health.disabled_by_health && <Badge tone="bad">{t('setAside')}</Badge>}
    </span>
  )
}

function RecentStrip({ provider }: { provider: string }) {
  const recent = useQuery(recentQuery(provider))
  return <CheckStrip checks={recent.data ?? []} size={40} />
}
