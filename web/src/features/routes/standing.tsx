import { useTranslation } from 'react-i18next'
import { Badge, type Tone } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import type { ShownTarget } from './queries'

const tones: Record<string, Tone> = {
  chosen: 'good',
  not_its_turn: 'good',
  lower_tier: 'neutral',
  off: 'neutral',
  forbidden: 'neutral',
  not_served: 'neutral',
  breaker_trying: 'warn',
  keys_cooling: 'warn',
  keys_at_limit: 'warn',
}

/** How a target stands, in a word. */
export function StandingBadge({ target }: { target: ShownTarget }) {
  const { t } = useTranslation('routes')
  const { standing } = target
  return (
    <Badge tone={tones[standing] ?? 'bad'}>{t(`standings.${standing}`, { defaultValue: standing })}</Badge>
  )
}

/** The same in a sentence, with times and numbers. */
export function useReason(): (target: ShownTarget, strategy: string, isFallback?: boolean) => string {
  const { t } = useTranslation('routes')
  const format = useFormat()
  return (target, strategy, isFallback) => {
    const { standing, share, failures, in_flight, latency_ms, keys, until } = target
    const values = {
      percent: format.percent(share),
      failures,
      underWay: in_flight,
      latency: format.duration(latency_ms ?? 0),
      active: keys?.active ?? 0,
      cooling: keys?.cooling ?? 0,
      invalid: keys?.invalid ?? 0,
      disabled: keys?.disabled ?? 0,
    }
    // What the server says serves for standings that a newer server may have.
    const code = isFallback && standing === 'lower_tier' ? 'fallback' : standing
    const reason = t(`reasons.${code}`, { ...values, defaultValue: target.reason })
    const turn = standing === 'chosen' || standing === 'not_its_turn'
    const why = turn
      ? t(share >= 1 ? 'turns.alone' : `turns.${strategy}`, { ...values, defaultValue: '' })
      : ''
    const end = until ? t('untilTime', { ago: format.ago(until), time: format.time(until) }) : ''
    return [reason, why, end].filter(Boolean).join(' ')
  }
}
