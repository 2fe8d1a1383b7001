import { useFormat } from '@/lib/format'
import type { Measure } from '@/lib/usage'

/** How a measure is written, short enough for an axis. */
export function useMeasureFormat(measure: Measure): (value: number) => string {
  const format = useFormat()
  return measure === 'cost' ? format.money : format.compact
}
