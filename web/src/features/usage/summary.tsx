import { useTranslation } from 'react-i18next'
import { Stat } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import type { Sums } from '@/lib/usage'
import { Change } from './change'

/** What all of it comes to. */
export function Summary({ now, before }: { now: Sums | undefined; before: Sums | undefined }) {
  const { t } = useTranslation('usage')
  const format = useFormat()
  const tokens = (sums: Sums | undefined) => (sums ? sums.input_tokens + sums.output_tokens : 0)
  const errors = now && now.requests > 0 ? now.errors / now.requests : 0
  const compared = (of: (sums: Sums) => number) =>
    before && (
      <>
        <Change now={now ? of(now) : 0} before={of(before)} /> {t('beforeShort')}
      </>
    )
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Stat
        label={t('measures.cost')}
        value={format.money(now?.cost_nanousd ?? 0)}
        detail={
          compared((sums) => sums.cost_nanousd) ||
          (now &&
            now.unpriced > 0 &&
            t('unpriced', { count: now.unpriced, shown: format.compact(now.unpriced) }))
        }
      />
      <Stat
        label={t('measures.requests')}
        value={format.compact(now?.requests ?? 0)}
        detail={compared((sums) => sums.requests)}
      />
      <Stat
        label={t('measures.tokens')}
        value={format.compact(tokens(now))}
        detail={
          compared(tokens) ||
          t('inOut', {
            input: format.compact(now?.input_tokens ?? 0),
            output: format.compact(now?.output_tokens ?? 0),
          })
        }
      />
      <Stat
        label={t('errorShare')}
        value={format.percent(errors)}
        tone={errors >= 0.05 ? 'bad' : errors >= 0.01 ? 'warn' : undefined}
        detail={
          compared((sums) => (sums.requests > 0 ? sums.errors / sums.requests : 0)) ||
          t('errorCount', { count: now?.errors ?? 0, shown: format.compact(now?.errors ?? 0) })
        }
      />
    </div>
  )
}
