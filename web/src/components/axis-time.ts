import { useTimeZone } from '@/lib/preferences'
import { useFormat } from '@/lib/format'

/** How a chart's times are written: the clock within a day, days beyond. */
export function useAxisTime(stepMs: number, spanMs: number): (at: string) => string {
  const { locale } = useFormat()
  const [timeZone] = useTimeZone()
  const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' }
  const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' }
  const short = 26 * 3_600_000
  const parts = stepMs >= 86_400_000 ? day : spanMs <= short ? clock : { ...day, ...clock }
  const format = new Intl.DateTimeFormat(locale, { timeZone, ...parts })
  return (at) => format.format(new Date(at))
}
