import { useTranslation } from 'react-i18next'
import { Badge, type Tone } from '@/components/ui/surface'
import type { Delivery } from './queries'

const tones: Record<string, Tone> = { sent: 'good', failed: 'bad', waiting: 'neutral' }

/** What became of a message on each channel. */
export function Deliveries({ deliveries }: { deliveries: Delivery[] }) {
  const { t } = useTranslation('alerts')
  if (deliveries.length === 0) return <span className="text-ink-faint">{t('toldNobody')}</span>
  return (
    <ul className="flex flex-col gap-1">
      {deliveries.map(({ channel, state, error }) => (
        <li key={channel} className="flex flex-wrap items-baseline gap-x-2">
          <Badge tone={tones[state] ?? 'neutral'}>
            {channel}: {t(`delivery.${state}`)}
          </Badge>
          {error && <span className="text-ink-soft min-w-0 text-xs break-words">{error}</span>}
        </li>
      ))}
    </ul>
  )
}
