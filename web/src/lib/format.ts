import { useTranslation } from 'react-i18next'
import { useTimeZone } from './preferences'

/** How numbers, money and times are written, for a language and a time zone. */
export function formats(language: string, timeZone: string | undefined) {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
  // Britain's short forms (2.9m) look like units.
  const counting = language === 'zh' ? 'zh-CN' : 'en-US'
  const whole = new Intl.NumberFormat(locale)
  const short = new Intl.NumberFormat(counting, { notation: 'compact', maximumFractionDigits: 1 })
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const moment = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'medium' })
  const day = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium' })
  const clock = new Intl.DateTimeFormat(locale, {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  return {
    locale,
    /** 12,345 */
    number: (value: number) => whole.format(value),
    /** 12.3K, 1.2万 */
    compact: (value: number) => short.format(value),
    /** 0.123 as 12.3% */
    percent: (value: number) => share.format(value),
    /** Billionths of a US dollar as $1.23; small amounts keep three figures. */
    money: (nanoUsd: number) => {
      const usd = nanoUsd / 1e9
      const digits =
        usd !== 0 && Math.abs(usd) < 1
          ? { maximumSignificantDigits: 3 }
          : { minimumFractionDigits: 2, maximumFractionDigits: 2 }
      return new Intl.NumberFormat(locale, {
        style: 'currency',
        currency: 'USD',
        currencyDisplay: 'narrowSymbol',
        ...digits,
      }).format(usd)
    },
    /** Milliseconds as 850 ms, 1.2 s, 3 min 5 s. */
    duration: (ms: number) => {
      if (ms < 1000) return `${whole.format(Math.round(ms))} ms`
      if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
      return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
    },
    dateTime: (time: string | number | Date) => moment.format(new Date(time)),
    date: (time: string | number | Date) => day.format(new Date(time)),
    time: (time: string | number | Date) => clock.format(new Date(time)),
    /** "3 minutes ago", "in 2 days". */
    ago: (time: string | number | Date, now = Date.now()) => {
      const seconds = (new Date(time).getTime() - now) / 1000
      for (const [unit, size] of units) {
        if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit)
      }
      return relative.format(Math.round(seconds), 'second')
    },
  }
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** The formats of the chosen language and time zone. */
export function useFormat() {
  const { i18n } = useTranslation()
  const [zone] = useTimeZone()
  return formats(i18n.language, zone)
}
