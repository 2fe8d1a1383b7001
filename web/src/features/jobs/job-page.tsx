import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Loading } from '@/components/ui/states'
import { Code, Facts, Notice, PageHeader, Panel } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { type Job, useJob } from '@/lib/jobs'
import { useUserNames } from '@/lib/user-names'
import { JobButtons, JobProgress, StateBadge } from './job-parts'
import { ranFor } from './queries'

/** One job, told as it goes on. */
export function JobPage({ id }: { id: string }) {
  const { t } = useTranslation('jobs')
  const query = useJob(id)
  return (
    <>
      <Link to="/jobs" className="text-ink-soft hover:text-ink mb-3 inline-flex items-center gap-1.5">
        <ArrowLeft className="size-4" aria-hidden /> {t('title')}
      </Link>
      <Loading query={query}>{(job) => <Shown job={job} />}</Loading>
    </>
  )
}

function Shown({ job }: { job: Job }) {
  const { t } = useTranslation('jobs')
  return (
    <>
      <PageHeader
        title={
          <span className="inline-flex flex-wrap items-center gap-2.5">
            {t(`kind.${job.kind.replace('.', '_')}`, job.kind)} <StateBadge job={job} />
          </span>
        }
        text={job.subject}
      >
        <JobButtons job={job} />
      </PageHeader>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Panel title={t('course')}>
          <div className="flex flex-col gap-4" aria-live="polite">
            {job.error && (
              <Notice tone={job.state === 'failed' ? 'bad' : 'warn'} className="break-words">
                {job.error}
              </Notice>
            )}
            <JobProgress job={job} />
            <Times job={job} />
          </div>
        </Panel>
        <Panel title={t('result')}>
          <Result result={job.result} />
        </Panel>
      </div>
    </>
  )
}

function Times({ job }: { job: Job }) {
  const { t } = useTranslation('jobs')
  const format = useFormat()
  const nameOf = useUserNames()
  const time = (at: string | null | undefined) => (at ? format.dateTime(at) : '–')
  // The page is drawn anew with each event.
  const ran = ranFor(job, Date.parse(job.finished_at ?? job.started_at ?? job.created_at))
  return (
    <Facts
      items={[
        [t('created'), time(job.created_at)],
        [t('by'), job.created_by ? nameOf(job.created_by) : t('bySchedule')],
        [t('started'), time(job.started_at)],
        [t('finished'), time(job.finished_at)],
        [t('took'), ran !== undefined && job.finished_at ? format.duration(ran) : '–'],
        ...(job.state === 'waiting'
          ? ([[t('notBefore'), time(job.run_at)]] satisfies [string, string][])
          : []),
        [t('attempts'), t('attemptsOf', { attempts: job.attempts, max: job.max_attempts })],
        [
          t('id'),
          <code key="id" className="font-mono text-xs">
            {job.id}
          </code>,
        ],
      ]}
    />
  )
}

/** Plain values as pairs, the rest as it is. */
function Result({ result }: { result: unknown }) {
  const { t } = useTranslation('jobs')
  const format = useFormat()
  if (result === null || result === undefined) return <p className="text-ink-soft">{t('noResult')}</p>
  if (typeof result !== 'object' || Array.isArray(result))
    return <Code text={JSON.stringify(result, null, 2)} />
  const plain = (value: unknown) => {
    if (typeof value === 'number') return format.number(value)
    if (typeof value === 'boolean') return value ? t('yes') : t('no')
    if (value === null) return '–'
    if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
      return value.length > 0 ? value.join(', ') : t('none_of')
    return typeof value === 'string' ? value : <Code text={JSON.stringify(value, null, 2)} />
  }
  return (
    <Facts
      items={Object.entries(result).map(([name, value]) => [
        t(`results.${name}`, name.replaceAll('_', ' ')),
        plain(value),
      ])}
    />
  )
}
