import { useTranslation } from 'react-i18next'
import { useFormat } from '@/lib/format'
import type { Health } from './queries'

/** Uptime and latencies over a day, a week and thirty days. */
export function Statistics({ health }: { health: Health }) {
  const { t } = useTranslation('health')
  const format = useFormat()
  const ms = (value: number | null | undefined) => (value == null ? '–' : format.duration(value))
  const head = ['uptime', 'p50', 'p95', 'p99', 'checks']
  return (
    <section>
      <h3 className="mb-2 font-semibold">{t('statistics')}</h3>
      <div className="border-line overflow-x-auto rounded-md border">
        <table className="w-full tabular-nums">
          <thead className="text-ink-faint text-xs">
            <tr>
              <th className="px-3 py-2 text-left font-medium">{t('window')}</th>
              {head.map((name) => (
                <th key={name} className="px-3 py-2 text-right font-medium">
                  {name.startsWith('p') ? name : t(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {health.statistics.map((row) => (
              <tr key={row.window} className="border-line border-t">
                <th scope="row" className="px-3 py-2 text-left font-medium whitespace-nowrap">
                  {t(`windows.${row.window}`)}
                </th>
                <td className="px-3 py-2 text-right">
                  {row.uptime == null ? '–' : format.percent(row.uptime)}
                </td>
                <td className="px-3 py-2 text-right whitespace-nowrap">{ms(row.p50_ms)}</td>
                <td className="px-3 py-2 text-right whitespace-nowrap">{ms(row.p95_ms)}</td>
                <td className="px-3 py-2 text-right whitespace-nowrap">{ms(row.p99_ms)}</td>
                <td className="px-3 py-2 text-right">{format.number(row.checks)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
