import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Panel } from '@/components/ui/surface'
import type { Schema } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { type Dimension, type Measure, measureOf } from '@/lib/usage'
import { useMeasureFormat } from './measures'
import type { Dashboard } from './queries'

type Props = { data: Dashboard; range: string; measure: Measure }

/** What is used most, of each kind, by the measure that the chart above shows. */
export function TopLists({ data, range, measure }: Props) {
  const lists: [Dimension, Schema<'Top'>[]][] = [
    ['model', data.top_models],
    ['provider', data.top_providers],
    ['access_key', data.top_access_keys],
    ['user', data.top_users],
  ]
  return (
    <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-4">
      {lists.map(([by, tops]) => (
        <TopList key={by} by={by} tops={tops} range={range} measure={measure} />
      ))}
    </div>
  )
}

type ListProps = { by: Dimension; tops: Schema<'Top'>[]; range: string; measure: Measure }

function TopList({ by, tops, range, measure }: ListProps) {
  const { t } = useTranslation('dashboard')
  const format = useFormat()
  const write = useMeasureFormat(measure)
  const ranked = tops.toSorted((a, b) => measureOf(b, measure) - measureOf(a, measure)).slice(0, 6)
  const most = Math.max(1, ...ranked.map((top) => measureOf(top, measure)))
  return (
    <Panel
      title={t(`top.${by}`)}
      actions={
        <Link to="/usage" search={{ by, range, measure }} className="text-brand text-xs hover:underline">
          {t('seeAll')}
        </Link>
      }
    >
      {ranked.length === 0 && <p className="text-ink-soft py-4 text-center">{t('nothing')}</p>}
      <ol className="flex flex-col gap-3">
        {ranked.map((top) => (
          <li key={top.name}>
            <div className="flex items-baseline gap-3">
              <Link
                to="/requests"
                search={{ range, [by]: top.name }}
                className="min-w-0 flex-1 truncate hover:underline"
                title={top.label ?? top.name}
              >
                {top.label ?? top.name}
              </Link>
              <span className="font-medium tabular-nums">{write(measureOf(top, measure))}</span>
            </div>
            <div className="bg-sunken mt-1 h-1.5 overflow-hidden rounded-full" aria-hidden>
              <div
                className="h-full rounded-full"
                style={{ width: `${(measureOf(top, measure) / most) * 100}%`, background: 'var(--chart-1)' }}
              />
            </div>
            <div className="text-ink-faint mt-1 truncate text-xs tabular-nums">
              {t('topDetail', {
                count: top.requests,
                shown: format.compact(top.requests),
                errors: format.percent(top.requests > 0 ? top.errors / top.requests : 0),
                cost: format.money(top.cost_nanousd),
              })}
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
