import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CalendarClock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type Column, DataTable } from '@/components/ui/data-table'
import { EmptyState, Loading } from '@/components/ui/states'
import { Card } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { type Schedule, schedulesQuery } from './queries'

/** Work that is done again and again. */
export function ScheduleList() {
  const { t } = useTranslation('jobs')
  const columns = useColumns()
  return (
    <Card>
      <Loading query={useQuery(schedulesQuery)}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon={CalendarClock} title={t('noSchedules')} />
          ) : (
            <DataTable label={t('schedules')} columns={columns} rows={items} rowKey={({ name }) => name} />
          )
        }
      </Loading>
    </Card>
  )
}

function useColumns(): Column<Schedule>[] {
  const { t } = useTranslation('jobs')
  const format = useFormat()
  const timing = (text: string) => {
    const every = /^every (\d+)ms$/.exec(text)?.[1]
    return every
      ? t('every', { span: format.duration(Number(every)) })
      : t('cron', { cron: text.replace(/^cron /, '') })
  }
  return [
    {
      id: 'name',
      header: t('name'),
      className: 'font-medium',
      cell: ({ name }) => t(`schedule.${name.replaceAll('.', '_')}`, name),
    },
    { id: 'timing', header: t('timing'), cell: (row) => timing(row.timing) },
    {
      id: 'next',
      header: t('next'),
      className: 'whitespace-nowrap',
      cell: (row) => <span title={format.dateTime(row.next_run_at)}>{format.ago(row.next_run_at)}</span>,
    },
    {
      id: 'last',
      header: t('last'),
      from: 'sm',
      className: 'whitespace-nowrap',
      cell: (row) => {
        if (!row.last_run_at) return <span className="text-ink-faint">{t('never')}</span>
        const text = format.ago(row.last_run_at)
        if (!row.last_job_id) return text
        return (
          <Link
            to="/jobs/$id"
            params={{ id: row.last_job_id }}
            className="text-brand underline-offset-4 hover:underline"
          >
            {text}
          </Link>
        )
      },
    },
  ]
}
