import { lazy, Suspense } from 'react'
import { Skeleton } from './states'

/** `colour` is a CSS colour for what has one of its own, such as errors; else each has the next of the palette. */
export type Series = { key: string; label: string; colour?: string }
export type Point = { at: string; [series: string]: string | number | null }

export type ChartProps = {
  /** Says what is shown, for screen readers; the numbers must also be had as text or table. */
  label: string
  kind?: 'line' | 'area' | 'bar'
  /** One entry a time, oldest first; values by the series' keys. */
  points: Point[]
  series: Series[]
  /** How a value is written on the axis and in the tip. */
  format: (value: number) => string
  /** How a time is written on the axis. */
  formatTime: (at: string) => string
  stacked?: boolean
  height?: number
}

const Drawn = lazy(() => import('./chart-drawn').then((module) => ({ default: module.DrawnChart })))

/** Numbers over time. The drawing library comes only with the first chart. */
export function Chart(props: ChartProps) {
  const height = props.height ?? 220
  return (
    <div role="img" aria-label={props.label} style={{ height }}>
      <Suspense fallback={<Skeleton className="h-full" />}>
        <Drawn {...props} height={height} />
      </Suspense>
    </div>
  )
}
