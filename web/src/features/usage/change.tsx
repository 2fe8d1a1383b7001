import { useTranslation } from 'react-i18next'
import { useFormat } from '@/lib/format'

/** How much more or less it is than before. */
export function Change({ now, before }: { now: number; before: number | undefined }) {
  const { t } = useTranslation('usage')
  const format = useFormat()
  if (before === undefined) return null
  if (before === 0) return <span className="text-ink-faint">{now === 0 ? '–' : t('new')}</span>
  const share = now / before - 1
  const sign = share > 0 ? '+' : share < 0 ? '−' : '±'
  return (
    <span className="text-ink-soft tabular-nums">
      {sign}
      {format.percent(Math.min(Math.abs(share), 99.99))}
    </span>
  )
}
