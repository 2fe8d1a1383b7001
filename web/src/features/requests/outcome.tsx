import { useTranslation } from 'react-i18next'
import { Badge, type Tone } from '@/components/ui/surface'
import type { LoggedRequest } from './queries'

const tones: Record<string, Tone> = {
  ok: 'good',
  caller_fault: 'warn',
  rate_limited: 'warn',
  quota_exhausted: 'warn',
  model_missing: 'warn',
  unfit: 'warn',
  cancelled: 'neutral',
}

/** What became of a request or an attempt: bad, unless it is known to be better. */
export const toneOf = (outcome: string): Tone => tones[outcome] ?? 'bad'

/** A request's status, in the colour of its outcome. */
export function StatusBadge({ request }: { request: LoggedRequest }) {
  const { t } = useTranslation('requests')
  const { outcome, status } = request
  const word = t(`outcomes.${outcome}`)
  return (
    <Badge tone={toneOf(outcome)}>
      <span title={word}>
        {status}
        {/* An answer may begin well and break: the status alone would say that all was well. */}
        {outcome !== 'ok' && status < 400 && ` · ${word}`}
        <span className="sr-only">{word}</span>
      </span>
    </Badge>
  )
}
