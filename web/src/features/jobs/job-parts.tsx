import { RotateCcw, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Badge, Progress } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { type Job, hasEnded } from '@/lib/jobs'
import { useMay } from '@/lib/session'
import { toneOf, useJobActs } from './queries'

export function StateBadge({ job }: { job: Job }) {
  const { t } = useTranslation('jobs')
  const stopping = job.cancel_requested && job.state === 'running'
  return <Badge tone={toneOf(job)}>{stopping ? t('stopping') : t(`state.${job.state}`)}</Badge>
}

/** How far a job has got, as far as it says so. */
export function JobProgress({ job }: { job: Job }) {
  const { t } = useTranslation('jobs')
  const format = useFormat()
  const { done, total, message } = job.progress
  if (total == null) {
    return (
      <span className="text-ink-soft block truncate">
        {done > 0 ? t('doneSoFar', { done: format.number(done) }) : (message ?? '')}
      </span>
    )
  }
  // A bar is for what still goes on.
  if (hasEnded(job)) {
    return (
      <span className="text-ink-soft block truncate tabular-nums">
        {format.number(job.state === 'done' ? total : done)} / {format.number(total)}
      </span>
    )
  }
  return (
    <div className="min-w-24">
      <Progress value={total === 0 ? 1 : done / total} label={t('progress')} />
      <span className="text-ink-faint mt-0.5 block truncate text-xs tabular-nums">
        {format.number(done)} / {format.number(total)}
        {message && ` · ${message}`}
      </span>
    </div>
  )
}

/** Stops a job, or lets it be done again. */
export function JobButtons({ job, size = 'md' }: { job: Job; size?: 'sm' | 'md' }) {
  const { t } = useTranslation('jobs')
  const mayDo = useMay()
  const { cancel, retry } = useJobActs()
  if (!mayDo('jobs.write')) return null
  if (job.state === 'waiting' || job.state === 'running') {
    return (
      <Button
        size={size}
        busy={cancel.isPending}
        disabled={job.cancel_requested}
        onClick={() => cancel.mutate(job.id)}
      >
        {!cancel.isPending && <X />} {t('stop')}
      </Button>
    )
  }
  if (job.state !== 'failed' && job.state !== 'cancelled') return null
  return (
    <Button size={size} busy={retry.isPending} onClick={() => retry.mutate(job.id)}>
      {!retry.isPending && <RotateCcw />} {t('again')}
    </Button>
  )
}
