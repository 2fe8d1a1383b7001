import { useTranslation } from 'react-i18next'
import { Badge, Panel, type Tone } from '@/components/ui/surface'
import type { Schema } from '@/lib/api'
import { cn } from '@/lib/cn'

const harmless = new Set(['not_its_turn', 'lower_tier', 'off', 'forbidden', 'not_served', 'elsewhere'])
const toneOf = (standing: string): Tone =>
  standing === 'chosen' ? 'good' : harmless.has(standing) ? 'neutral' : 'warn'

/** Why each attempt went where it went, and why everybody else was passed over. */
export function Choices({ choices }: { choices: Schema<'ShownChoices'>[] }) {
  const { t } = useTranslation('requests')
  return (
    <Panel title={t('explain')}>
      {choices.length === 0 && <p className="text-ink-soft">{t('noChoices')}</p>}
      <div className="flex flex-col gap-5">
        {choices.map((choice, index) => (
          <section key={index} className="flex flex-col gap-3">
            <p className="text-ink-soft flex flex-wrap items-center gap-2">
              {choice.route && (
                <span className="text-ink font-medium">{t('route', { name: choice.route })}</span>
              )}
              <Badge>{t(`strategies.${choice.strategy}`, { defaultValue: choice.strategy })}</Badge>
              {choice.affine && <Badge tone="brand">{t('affine')}</Badge>}
            </p>
            <ol className="flex flex-col gap-3">
              {choice.rounds.map((round, at) => (
                <Round key={at} round={round} number={at + 1} />
              ))}
            </ol>
          </section>
        ))}
      </div>
    </Panel>
  )
}

function Round({ round, number }: { round: Schema<'ShownRound'>; number: number }) {
  const { t } = useTranslation('requests')
  const { candidates, keys } = round
  const found = candidates.some(({ standing }) => standing === 'chosen')
  return (
    <li className="border-line overflow-hidden rounded-md border">
      <div className="bg-sunken/60 text-ink-soft flex flex-wrap gap-x-3 px-3 py-1.5 text-xs">
        <span className="font-medium">{t('choice', { number })}</span>
        {!found && <span className="text-bad">{t('foundNobody')}</span>}
        {keys && (
          <span>
            {t('keyStanding', { usable: keys.usable, cooling: keys.cooling, aside: keys.set_aside })}
          </span>
        )}
      </div>
      <ul className="divide-line divide-y">
        {candidates.map(({ provider, model, tier, weight, standing, reason }, index) => (
          <li
            key={index}
            className={cn(
              'flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-3 py-2',
              standing !== 'chosen' && 'text-ink-soft',
            )}
          >
            <span className="min-w-0 font-medium break-all">{provider ?? t('formerTarget')}</span>
            {model && <span className="text-ink-faint min-w-0 text-xs break-all">{model}</span>}
            <span className="text-ink-faint text-xs">
              {tier != null && t('tier', { tier })}
              {weight != null && ` · ${t('weight', { weight })}`}
            </span>
            <span className="flex-1" />
            <Badge tone={toneOf(standing)} className="whitespace-normal">
              {t(`standings.${standing}`, { defaultValue: reason })}
            </Badge>
          </li>
        ))}
      </ul>
    </li>
  )
}
