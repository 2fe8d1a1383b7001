import { useTranslation } from 'react-i18next'
import { useAxisTime } from '@/components/axis-time'
import { Chart, type Point, type Series } from '@/components/ui/chart'
import { Segments } from '@/components/ui/segments'
import { Panel } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import type { Dashboard } from './queries'
import { type View, views } from './search'

type Props = { data: Dashboard; view: View; onView: (view: View) => void }

/** How it went, step by step. */
export function TrafficPanel({ data, view, onView }: Props) {
  const { t } = useTranslation('dashboard')
  const format = useFormat()
  const formatTime = useAxisTime(data.step_ms, data.step_ms * data.series.length)
  const write = {
    traffic: format.compact,
    latency: format.duration,
    tokens: format.compact,
    cost: format.money,
  }
  const drawn = drawing(view, data.series, t)
  return (
    <Panel
      title={t('overTime')}
      actions={
        <Segments
          label={t('shown')}
          items={views.map((name) => ({ value: name, label: t(`views.${name}`) }))}
          value={view}
          onChange={(chosen) => onView(views.find((name) => name === chosen) ?? 'traffic')}
        />
      }
    >
      <Chart
        label={t('chartLabel', { what: t(`views.${view}`) })}
        kind={view === 'latency' ? 'line' : 'area'}
        stacked={view !== 'latency'}
        points={drawn.points}
        series={drawn.series}
        format={write[view]}
        formatTime={formatTime}
        height={280}
      />
    </Panel>
  )
}

type Drawn = { series: Series[]; points: Point[] }

function drawing(view: View, steps: Dashboard['series'], t: (key: string) => string): Drawn {
  if (view === 'traffic') {
    return {
      series: [
        { key: 'ok', label: t('ok'), colour: 'var(--chart-1)' },
        { key: 'refused', label: t('refused'), colour: 'var(--chart-3)' },
        { key: 'cancelled', label: t('cancelled'), colour: 'var(--chart-8)' },
        { key: 'errors', label: t('errors'), colour: 'var(--bad)' },
      ],
      points: steps.map((step) => ({
        at: step.at,
        ok: step.requests - step.caller_faults - step.cancelled - step.errors,
        refused: step.caller_faults,
        cancelled: step.cancelled,
        errors: step.errors,
      })),
    }
  }
  if (view === 'latency') {
    return {
      series: [
        { key: 'p50', label: t('p50') },
        { key: 'p95', label: t('p95'), colour: 'var(--chart-4)' },
        { key: 'first', label: t('firstByte'), colour: 'var(--chart-2)' },
      ],
      points: steps.map((step) => ({
        at: step.at,
        p50: step.p50_ms ?? null,
        p95: step.p95_ms ?? null,
        first: step.average_first_byte_ms ?? null,
      })),
    }
  }
  if (view === 'tokens') {
    return {
      series: [
        { key: 'fresh', label: t('fresh') },
        { key: 'cached', label: t('cached'), colour: 'var(--chart-6)' },
        { key: 'output', label: t('output'), colour: 'var(--chart-2)' },
      ],
      points: steps.map((step) => ({
        at: step.at,
        fresh: step.input_tokens - step.cached_tokens,
        cached: step.cached_tokens,
        output: step.output_tokens,
      })),
    }
  }
  return {
    series: [{ key: 'cost', label: t('cost'), colour: 'var(--chart-3)' }],
    points: steps.map(({ at, cost_nanousd }) => ({ at, cost: cost_nanousd })),
  }
}
