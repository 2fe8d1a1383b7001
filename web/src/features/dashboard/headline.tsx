import { TrendingDown, TrendingUp } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Sparkline } from '@/components/sparkline'
import { Card } from '@/components/ui/surface'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/format'
import { KeyCard } from './key-card'
import type { Dashboard } from './queries'

/** The numbers that are looked at first, each with how it went and how it was before. */
export function Headline({ data }: { data: Dashboard }) {
  const { t } = useTranslation('dashboard')
  const format = useFormat()
  const { now, change, series } = data
  const share = errorShare(now)
  const shareBefore = errorShare(data.before)
  const tokens = now.input_tokens + now.output_tokens
  const ms = (value: number | null | undefined) => (value == null ? '–' : format.duration(value))
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3 2xl:grid-cols-6">
      <Number
        label={t('requests')}
        value={format.compact(now.requests)}
        title={format.number(now.requests)}
        change={change.requests}
        detail={t('openRequests', { count: data.open_requests })}
        values={series.map(({ requests }) => requests)}
        colour="var(--chart-1)"
      />
      <Number
        label={t('errors')}
        value={format.percent(share)}
        title={format.number(now.errors)}
        tone={share >= 0.05 ? 'bad' : share >= 0.01 ? 'warn' : undefined}
        change={shareBefore > 0 ? (share / shareBefore - 1) * 100 : null}
        better="less"
        detail={t('errorDetail', { count: now.errors, shown: format.compact(now.errors) })}
        values={series.map(({ errors }) => errors)}
        colour="var(--bad)"
      />
      <Number
        label={t('latency')}
        value={ms(now.p95_ms)}
        change={change.p95_ms}
        better="less"
        detail={t('latencyDetail', { p50: ms(now.p50_ms), first: ms(now.average_first_byte_ms) })}
        values={series.map(({ p95_ms }) => p95_ms ?? 0)}
        colour="var(--chart-4)"
      />
      <Number
        label={t('tokens')}
        value={format.compact(tokens)}
        title={format.number(tokens)}
        change={change.tokens}
        detail={t('tokenDetail', {
          input: format.compact(now.input_tokens),
          output: format.compact(now.output_tokens),
        })}
        values={series.map(({ input_tokens, output_tokens }) => input_tokens + output_tokens)}
        colour="var(--chart-2)"
      />
      <Number
        label={t('cost')}
        value={format.money(now.cost_nanousd)}
        change={change.cost}
        detail={
          now.unpriced > 0
            ? t('unpriced', { count: now.unpriced, shown: format.compact(now.unpriced) })
            : t('allPriced')
        }
        values={series.map(({ cost_nanousd }) => cost_nanousd)}
        colour="var(--chart-3)"
      />
      <KeyCard stats={data.key_stats} />
    </div>
  )
}

const errorShare = (sums: Dashboard['now']) => (sums.requests > 0 ? sums.errors / sums.requests : 0)

type NumberProps = {
  label: string
  value: string
  /** The number in full. */
  title?: string
  detail: ReactNode
  change: number | null | undefined
  /** Which way is good news, if one is. */
  better?: 'less'
  tone?: 'warn' | 'bad' | undefined
  values: number[]
  colour: string
}

function Number({ label, value, title, detail, change, better, tone, values, colour }: NumberProps) {
  return (
    <Card className="flex min-w-0 flex-col overflow-hidden">
      <div className="px-4 pt-3.5">
        <div className="flex items-center gap-2">
          <h2 className="text-ink-soft flex-1 truncate">{label}</h2>
          <Change percent={change} better={better} />
        </div>
        <div
          title={title}
          className={cn(
            'mt-1 truncate text-2xl font-semibold tracking-tight tabular-nums',
            tone === 'bad' && 'text-bad',
            tone === 'warn' && 'text-warn',
          )}
        >
          {value}
        </div>
        <div className="text-ink-faint mt-0.5 truncate text-xs">{detail}</div>
      </div>
      <div className="mt-2 flex flex-1 flex-col justify-end">
        <Sparkline values={values} colour={colour} />
      </div>
    </Card>
  )
}

function Change({ percent, better }: { percent: number | null | undefined; better?: 'less' | undefined }) {
  const { t } = useTranslation('dashboard')
  const { percent: write } = useFormat()
  if (percent == null || Math.abs(percent) < 0.05) return null
  const more = percent > 0
  const Icon = more ? TrendingUp : TrendingDown
  const shown = write(Math.min(Math.abs(percent), 999) / 100)
  return (
    <span
      title={t('changeHint')}
      className={cn(
        'flex shrink-0 items-center gap-0.5 text-xs font-medium tabular-nums',
        better === undefined ? 'text-ink-faint' : more ? 'text-bad' : 'text-good',
      )}
    >
      <Icon className="size-3.5" aria-hidden />
      <span className="sr-only">{t(more ? 'more' : 'less')}</span>
      {shown}
    </span>
  )
}
