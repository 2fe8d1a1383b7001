import { useQuery } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, Loader2, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Badge } from '@/components/ui/surface'
import { type Schema, explain } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { checkQuery, offeredQuery } from './queries'

type Props = { name: string; listsModels: boolean; onMend?: () => void }

/** Asks a provider whether it works and what it offers, and shows the answers as they come. */
export function CheckResult({ name, listsModels, onMend }: Props) {
  const { t } = useTranslation('providers')
  const check = useQuery(checkQuery(name, listsModels))
  const works = check.data?.tested.works === true
  const offered = useQuery({ ...offeredQuery(name), enabled: check.isSuccess })
  const models = offered.data?.items ?? []
  const { synced, unlisted } = check.data ?? {}
  const busy = check.isFetching
  return (
    <div className="flex flex-col gap-4" aria-live="polite">
      <Step
        state={busy ? 'busy' : works ? 'good' : 'bad'}
        title={t(busy ? 'check.testing' : works ? 'check.works' : 'check.failed', { name })}
      >
        {!busy && check.error && <p className="text-bad">{explain(check.error)}</p>}
        {!busy && check.data && <Addresses checks={check.data.tested.checks} />}
        {!busy && !works && (
          <div className="mt-3 flex flex-wrap gap-2">
            <Button size="sm" onClick={() => void check.refetch()}>
              {t('testAgain')}
            </Button>
            {onMend && (
              <Button size="sm" variant="primary" onClick={onMend}>
                {t('mend')}
              </Button>
            )}
          </div>
        )}
      </Step>
      {works && !busy && (
        <Step
          state={unlisted ? 'warn' : offered.isFetching ? 'busy' : 'good'}
          title={unlisted ? t('check.unlisted') : t('check.models', { count: models.length })}
        >
          {unlisted && <p className="text-ink-soft break-words">{unlisted}</p>}
          {synced && !synced.complete && <p className="text-warn">{t('check.incomplete')}</p>}
          <ul className="flex max-h-40 flex-wrap gap-1.5 overflow-y-auto">
            {models.map(({ id, public_name }) => (
              <li key={id} className="max-w-full">
                <Badge className="max-w-full truncate font-mono">{public_name}</Badge>
              </li>
            ))}
          </ul>
        </Step>
      )}
    </div>
  )
}

const marks = {
  busy: <Loader2 className="text-brand size-5 animate-spin" aria-hidden />,
  good: <CircleCheck className="text-good size-5" aria-hidden />,
  warn: <TriangleAlert className="text-warn size-5" aria-hidden />,
  bad: <CircleAlert className="text-bad size-5" aria-hidden />,
}

type StepProps = { state: keyof typeof marks; title: string; children: ReactNode }

function Step({ state, title, children }: StepProps) {
  return (
    <div className="flex gap-3">
      <span className="shrink-0">{marks[state]}</span>
      <div className="min-w-0 flex-1">
        <h3 className="mb-1.5 font-medium">{title}</h3>
        {children}
      </div>
    </div>
  )
}

/** What each address said to a test. */
export function Addresses({ checks }: { checks: Schema<'TestedAddress'>[] }) {
  const { t } = useTranslation('providers')
  const format = useFormat()
  const tones = { works: 'good', doubtful: 'warn' } satisfies Record<string, 'good' | 'warn'>
  return (
    <ul className="flex flex-col gap-1.5">
      {checks.map(({ address, outcome, latency_ms, error }) => (
        <li key={address} className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Badge tone={outcome === 'works' || outcome === 'doubtful' ? tones[outcome] : 'bad'}>
              {t(`outcome.${outcome}`)}
            </Badge>
            <span className="min-w-0 font-mono text-xs break-all">{address}</span>
            <span className="text-ink-faint tabular-nums">{format.duration(latency_ms)}</span>
          </div>
          {error && <p className="text-bad mt-0.5 break-words">{error}</p>}
        </li>
      ))}
    </ul>
  )
}
