import { Chart } from '@/components/ui/chart'
import { type Dimension, type Measure, type UsageLine, breakDown, other, seriesKey } from '@/lib/usage'
import { useAxisTime } from './axis-time'

type Props = {
  label: string
  data: { items: UsageLine[]; from: number; to: number; step: number }
  by: Dimension
  measure: Measure
  /** How names are shown; null is what has none. */
  nameOf: (name: string | null) => string
  otherLabel: string
  format: (value: number) => string
  height?: number
}

/** Usage over time, by what it is about. */
export function BreakdownChart({ label, data, by, measure, nameOf, otherLabel, format, height }: Props) {
  const { names, hasOther, points } = breakDown(data.items, by, measure, data)
  const formatTime = useAxisTime(data.step, data.to - data.from)
  const series = names.map((name, rank) => ({ key: seriesKey(rank), label: nameOf(name) }))
  if (hasOther) series.push({ key: other, label: otherLabel })
  return (
    <Chart
      label={label}
      kind="bar"
      stacked
      points={points}
      series={series}
      format={format}
      formatTime={formatTime}
      height={height ?? 260}
    />
  )
}
