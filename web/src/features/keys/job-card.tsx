import { X } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { Button } from '@/components/ui/button'
import { Card, Progress } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { api, explain } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { hasEnded, useJob } from '@/lib/jobs'
import { useKeyChanges } from './queries'

const numbers = z.record(z.string(), z.unknown())

type Props = { id: string; provider: string; onClose: () => void }

/** How far an import or a batch is, until it has ended and its outcome was read. */
export function JobCard({ id, provider, onClose }: Props) {
  const { t } = useTranslation('keys')
  const toast = useToast()
  const format = useFormat()
  const changes = useKeyChanges(provider)
  const { data: job, error } = useJob(id)
  const over = job !== undefined && hasEnded(job)
  // The end of a job comes as an event of the server, not of a person: only here it meets the lists it changed.
  useEffect(() => {
    if (over) changes.many()
    // oxlint-disable-next-line react/exhaustive-deps -- once for each job; `changes` is new with each drawing
  }, [over, id])
  const cancel = () =>
    api.POST('/api/v1/jobs/{id}/cancel', { params: { path: { id } } }).catch((error) => toast.failed(error))
  const { done = 0, total } = job?.progress ?? {}
  const outcome = numbers.safeParse(job?.result)
  const told = outcome.success
    ? Object.entries(outcome.data).flatMap(([name, value]) =>
        typeof value === 'number' && (value > 0 || name === 'added') ? [[name, value] as const] : [],
      )
    : []
  return (
    <Card className="mb-4 p-4">
      <div className="flex flex-wrap items-center gap-2">
        <span className="flex-1 font-medium" aria-live="polite">
          {job
            ? `${t(`jobs.${job.kind.replace('.', '_')}`, { defaultValue: job.kind })} · ${t(`jobStates.${job.state}`)}`
            : t('loading.text')}
        </span>
        {job && !over && (
          <Button size="sm" disabled={job.cancel_requested} onClick={() => void cancel()}>
            {t('cancel')}
          </Button>
        )}
        {(over || error) && (
          <Button variant="ghost" size="icon-sm" aria-label={t('close')} onClick={onClose}>
            <X />
          </Button>
        )}
      </div>
      {job && !over && (
        <div className="mt-2">
          <Progress value={total ? done / total : 0} label={t('progress')} />
          <p className="text-ink-faint mt-1 text-xs tabular-nums">
            {format.number(done)} {total != null && `/ ${format.number(total)}`}
          </p>
        </div>
      )}
      {over && told.length > 0 && (
        <p className="text-ink-soft mt-1">
          {told.map(([name, value]) => `${t(`result.${name}`)} ${format.number(value)}`).join(' · ')}
        </p>
      )}
      {(job?.error || error) && <p className="text-bad mt-1 break-words">{job?.error ?? explain(error)}</p>}
    </Card>
  )
}
