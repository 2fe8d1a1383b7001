import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Badge, Panel, type Tone } from '@/components/ui/surface'
import type { Schema } from '@/lib/api'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { toneOf } from './outcome'
import type { LoggedRequest } from './queries'

const fills: Record<Tone, string> = {
  good: 'bg-good',
  warn: 'bg-warn',
  bad: 'bg-bad',
  neutral: 'bg-line-strong',
  brand: 'bg-brand',
}

/** The attempts on one scale of time: pale until the first byte, full until the end. */
export function Timeline({ request }: { request: LoggedRequest }) {
  const { t } = useTranslation('requests')
  const format = useFormat()
  const { attempts, duration_ms } = request
  const whole = Math.max(
    1,
    duration_ms,
    ...attempts.map((attempt) => attempt.started_ms + attempt.duration_ms),
  )
  return (
    <Panel
      title={t('timeline')}
      actions={<span className="text-ink-faint text-xs">{t('attempts', { count: attempts.length })}</span>}
    >
      {attempts.length === 0 ? (
        <p className="text-ink-soft">{t(request.cache_hit ? 'fromCache' : 'noAttempts')}</p>
      ) : (
        <>
          <ol className="flex flex-col gap-4">
            {attempts.map((attempt, index) => (
              <Attempt key={index} attempt={attempt} number={index + 1} whole={whole} />
            ))}
          </ol>
          <div
            className="text-ink-faint border-line mt-4 flex justify-between border-t pt-1.5 text-xs tabular-nums"
            aria-hidden
          >
            {(whole < 8 ? [0, 1] : [0, 0.25, 0.5, 0.75, 1]).map((share) => (
              <span key={share} className={share % 0.5 === 0 ? '' : 'hidden sm:inline'}>
                {format.duration(whole * share)}
              </span>
            ))}
          </div>
        </>
      )}
    </Panel>
  )
}

function Attempt({
  attempt,
  number,
  whole,
}: {
  attempt: Schema<'ShownAttempt'>
  number: number
  whole: number
}) {
  const { t } = useTranslation('requests')
  const format = useFormat()
  const mayDo = useMay()
  const {
    provider,
    model,
    key,
    status,
    verdict,
    error,
    started_ms,
    first_byte_ms,
    duration_ms,
    cost_nanousd,
  } = attempt
  const tone = toneOf(verdict)
  const share = (ms: number) => `${(ms / whole) * 100}%`
  const waited = Math.min(first_byte_ms ?? duration_ms, duration_ms)
  return (
    <li>
      <div className="mb-1.5 flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="text-ink-faint tabular-nums">{number}</span>
        {mayDo('providers.read') ? (
          <Link
            to="/providers/$name"
            params={{ name: provider }}
            className="font-medium break-all hover:underline"
          >
            {provider}
          </Link>
        ) : (
          <span className="font-medium break-all">{provider}</span>
        )}
        <span className="text-ink-soft break-all">{model}</span>
        {key && (
          <Link
            to="/requests"
            search={{ provider_key: key, range: '7d' }}
            title={t('keyRequests')}
            className="text-ink-faint font-mono text-xs hover:underline"
          >
            {t('key', { key: key.slice(0, 8) })}
          </Link>
        )}
        <span className="flex-1" />
        {cost_nanousd != null && (
          <span className="text-ink-soft tabular-nums">{format.money(cost_nanousd)}</span>
        )}
        <Badge tone={tone}>
          {status != null && `${status} · `}
          {t(`verdicts.${verdict}`, { defaultValue: verdict })}
        </Badge>
      </div>
      <div className="bg-sunken relative h-5 overflow-hidden rounded" aria-hidden>
        <div
          className={cn('absolute inset-y-0 rounded', fills[tone], 'opacity-45')}
          style={{ left: share(started_ms), width: `max(2px, ${share(waited)})` }}
        />
        <div
          className={cn('absolute inset-y-0 rounded-r', fills[tone])}
          style={{ left: share(started_ms + waited), width: share(duration_ms - waited), minWidth: 2 }}
        />
      </div>
      <div className="text-ink-faint mt-1 flex flex-wrap gap-x-4 text-xs tabular-nums">
        <span>{t('startedAfter', { time: format.duration(started_ms) })}</span>
        {first_byte_ms != null && (
          <span>{t('firstByteAfter', { time: format.duration(first_byte_ms) })}</span>
        )}
        <span>{t('took', { time: format.duration(duration_ms) })}</span>
      </div>
      {error && <p className="text-bad mt-1 text-xs break-words">{error}</p>}
    </li>
  )
}
