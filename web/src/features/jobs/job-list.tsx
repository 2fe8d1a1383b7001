import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Timer } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { type Column, DataTable } from '@/components/ui/data-table'
import { Select } from '@/components/ui/field'
import { Segments } from '@/components/ui/segments'
import { EmptyState, Loading } from '@/components/ui/states'
import { Card } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { type Job, hasEnded, useJob } from '@/lib/jobs'
import { useUserNames } from '@/lib/user-names'
import { JobButtons, JobProgress, StateBadge } from './job-parts'
import { type JobFilter, jobsQuery, ranFor, states } from './queries'

const kinds = [
  'health.check',
  'alerts.send',
  'provider_keys.import',
  'provider_keys.batch',
  'export.keep_in_step',
]
/** So many running jobs are followed by their events; browsers allow six connections to a server. */
const followed = 3

type Props = { filter: JobFilter; onFilter: (part: JobFilter) => void }

export function JobList({ filter, onFilter }: Props) {
  const { t } = useTranslation('jobs')
  const query = useInfiniteQuery(jobsQuery(filter))
  const known = filter.kind && !kinds.includes(filter.kind) ? [...kinds, filter.kind] : kinds
  return (
    <Card>
      <div className="border-line flex flex-wrap gap-2 border-b p-3">
        <Segments
          label={t('status')}
          value={filter.state ?? 'all'}
          onChange={(state) => onFilter({ state: state === 'all' ? undefined : state })}
          items={['all', ...states].map((value) => ({
            value,
            label: value === 'all' ? t('all') : t(`state.${value}`),
          }))}
        />
        <Select
          aria-label={t('kindLabel')}
          className="w-full sm:w-60"
          value={filter.kind ?? ''}
          onChange={(event) => onFilter({ kind: event.target.value || undefined })}
        >
          <option value="">{t('allKinds')}</option>
          {known.map((kind) => (
            <option key={kind} value={kind}>
              {t(`kind.${kind.replace('.', '_')}`, kind)}
            </option>
          ))}
        </Select>
      </div>
      <Loading query={query}>
        {({ pages }) => {
          const jobs = pages.flatMap(({ items }) => items)
          if (jobs.length > 0)
            return (
              <JobTable
                jobs={jobs}
                busy={query.isFetchingNextPage}
                onEnd={() => query.hasNextPage && !query.isFetching && void query.fetchNextPage()}
              />
            )
          return filter.state || filter.kind ? (
            <EmptyState icon={Timer} title={t('noneFits')}>
              <Button onClick={() => onFilter({ state: undefined, kind: undefined })}>{t('reset')}</Button>
            </EmptyState>
          ) : (
            <EmptyState icon={Timer} title={t('none')} text={t('noneText')} />
          )
        }}
      </Loading>
    </Card>
  )
}

function JobTable({ jobs, busy, onEnd }: { jobs: Job[]; busy: boolean; onEnd: () => void }) {
  const { t } = useTranslation('jobs')
  const navigate = useNavigate()
  const live = jobs.filter((job) => !hasEnded(job)).slice(0, followed)
  const columns = useColumns(new Set(live.map(({ id }) => id)))
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      rows={jobs}
      rowKey={(job) => job.id}
      rowHeight={52}
      busy={busy}
      onEnd={onEnd}
      onOpen={(job) => void navigate({ to: '/jobs/$id', params: { id: job.id } })}
    />
  )
}

function useColumns(live: ReadonlySet<string>): Column<Job>[] {
  const { t } = useTranslation('jobs')
  const format = useFormat()
  const nameOf = useUserNames()
  const now = Date.now
  return [
    {
      id: 'kind',
      header: t('kindLabel'),
      className: 'max-w-56',
      cell: (job) => (
        <Link to="/jobs/$id" params={{ id: job.id }} className="block min-w-0 hover:underline">
          <span className="block truncate font-medium">
            {t(`kind.${job.kind.replace('.', '_')}`, job.kind)}
          </span>
          {job.subject && <span className="text-ink-soft block truncate text-xs">{job.subject}</span>}
        </Link>
      ),
    },
    { id: 'state', header: t('status'), cell: (job) => <StateBadge job={job} /> },
    {
      id: 'progress',
      header: t('progress'),
      from: 'sm',
      className: 'max-w-64 min-w-40',
      cell: (job) =>
        job.error && job.state !== 'done' ? (
          <span className="text-bad block truncate" title={job.error}>
            {job.error}
          </span>
        ) : live.has(job.id) ? (
          <LiveProgress job={job} />
        ) : (
          <JobProgress job={job} />
        ),
    },
    {
      id: 'created',
      header: t('created'),
      from: 'md',
      className: 'whitespace-nowrap text-ink-soft',
      cell: (job) => <span title={format.dateTime(job.created_at)}>{format.ago(job.created_at)}</span>,
    },
    {
      id: 'took',
      header: t('took'),
      align: 'right',
      from: 'lg',
      className: 'whitespace-nowrap',
      cell: (job) => {
        const ran = ranFor(job, now())
        return ran === undefined ? '–' : format.duration(ran)
      },
    },
    {
      id: 'by',
      header: t('by'),
      from: 'xl',
      className: 'max-w-40 truncate text-ink-soft',
      cell: (job) => (job.created_by ? nameOf(job.created_by) : t('bySchedule')),
    },
    {
      id: 'act',
      header: <span className="sr-only">{t('actions')}</span>,
      align: 'right',
      cell: (job) => <JobButtons job={job} size="sm" />,
    },
  ]
}

function LiveProgress({ job }: { job: Job }) {
  return <JobProgress job={useJob(job.id).data ?? job} />
}
