import { useTranslation } from 'react-i18next'
import { Badge, type Tone } from '@/components/ui/surface'
import { cn } from '@/lib/cn'
import type { Schema } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { type Provider, readSpec } from './spec'

export type State = 'healthy' | 'warning' | 'unhealthy' | 'unknown' | 'disabled' | 'suspended'

const tones: Record<State, Tone> = {
  healthy: 'good',
  warning: 'warn',
  unhealthy: 'bad',
  suspended: 'bad',
  unknown: 'neutral',
  disabled: 'neutral',
}

/** One word for how a provider stands: what people decided first, then what checks have shown. */
export function stateOf(provider: Provider, health: Schema<'ShownHealth'> | undefined): State {
  if (readSpec(provider).enabled === false) return 'disabled'
  if (health?.disabled_by_health) return 'suspended'
  const status = health?.status
  return status === 'healthy' || status === 'warning' || status === 'unhealthy' ? status : 'unknown'
}

export function StateBadge({ state }: { state: State }) {
  const { t } = useTranslation('providers')
  return <Badge tone={tones[state]}>{t(`status.${state}`)}</Badge>
}

const parts = [
  ['active', 'bg-good'],
  ['cooling', 'bg-warn'],
  ['invalid', 'bg-bad'],
  ['disabled', 'bg-line-strong'],
] satisfies [keyof Provider['keys'], string][]

/** How many keys work of how many, with a line that shows the shares. */
export function KeyShare({ keys }: { keys: Provider['keys'] }) {
  const { t } = useTranslation('providers')
  const format = useFormat()
  if (keys.total === 0) return <span className="text-ink-faint">{t('noKeys')}</span>
  const told = parts.map(([name]) => `${t(`keyStates.${name}`)} ${format.number(keys[name])}`).join(' · ')
  return (
    <span className="inline-flex min-w-24 flex-col gap-1" title={told}>
      <span className="tabular-nums">
        {format.number(keys.active)}
        <span className="text-ink-faint"> / {format.number(keys.total)}</span>
      </span>
      <span className="bg-sunken flex h-1 w-full overflow-hidden rounded-full" aria-hidden>
        {parts.map(([name, colour]) => (
          <span
            key={name}
            className={cn('h-full', colour)}
            style={{ width: `${(keys[name] / keys.total) * 100}%` }}
          />
        ))}
      </span>
    </span>
  )
}
