import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Legend,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import type { ChartProps } from './chart'

const palette = (index: number) => `var(--chart-${(index % 8) + 1})`

/** The drawing behind `Chart`. */
export function DrawnChart({
  kind = 'area',
  points,
  series,
  format,
  formatTime,
  stacked,
  height,
}: ChartProps) {
  return (
    <ResponsiveContainer width="100%" height={height ?? 220}>
      <ComposedChart
        data={points}
        margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          dataKey="at"
          tickFormatter={formatTime}
          tick={axis}
          tickLine={false}
          axisLine={{ stroke: 'var(--line)' }}
          minTickGap={40}
        />
        <YAxis tickFormatter={format} tick={axis} tickLine={false} axisLine={false} width={58} />
        <Tooltip
          isAnimationActive={false}
          labelFormatter={(at) => formatTime(String(at))}
          formatter={(value) => format(Number(value))}
          contentStyle={{
            background: 'var(--surface)',
            border: '1px solid var(--line)',
            borderRadius: 8,
            fontSize: 12,
          }}
          labelStyle={{ color: 'var(--ink-soft)' }}
          itemStyle={{ color: 'var(--ink)' }}
        />
        {series.length > 1 && (
          <Legend itemSorter={null} iconType="circle" iconSize={8} wrapperStyle={{ fontSize: 12 }} />
        )}
        {series.map(({ key, label, colour: own }, index) => {
          const colour = own ?? palette(index)
          const shared = {
            dataKey: key,
            name: label,
            isAnimationActive: false,
            ...(stacked ? { stackId: 'all' } : {}),
          }
          if (kind === 'bar')
            return <Bar key={key} {...shared} fill={colour} radius={stacked ? 0 : 2} maxBarSize={28} />
          if (kind === 'line')
            return <Line key={key} {...shared} stroke={colour} dot={points.length < 2} strokeWidth={1.75} />
          return (
            <Area
              key={key}
              {...shared}
              stroke={colour}
              fill={colour}
              fillOpacity={0.16}
              strokeWidth={1.75}
              dot={points.length < 2}
            />
          )
        })}
      </ComposedChart>
    </ResponsiveContainer>
  )
}

const axis = { fill: 'var(--ink-faint)', fontSize: 11 }
