import { Link } from '@tanstack/react-router'
import { ChartColumn } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { BreakdownChart } from '@/components/breakdown-chart'
import { Button } from '@/components/ui/button'
import { Select } from '@/components/ui/field'
import { Segments } from '@/components/ui/segments'
import { EmptyState, Loading, Skeleton } from '@/components/ui/states'
import { Panel } from '@/components/ui/surface'
import { type Dimension, type Measure, useUsage } from '@/lib/usage'
import { useUserNames } from '@/lib/user-names'
import { useMeasureFormat } from './measures'
import { every, fallback } from './queries'
import { measures, offered } from './search'

type Props = {
  range: string
  live: boolean
  by: Dimension
  measure: Measure
  onChange: (change: { by?: Dimension; measure?: Measure }) => void
}

/** Requests, cost, tokens or errors by model, provider, access key or user. */
export function BreakdownPanel({ range, live, by, measure, onChange }: Props) {
  const { t } = useTranslation('dashboard')
  const query = useUsage({ range: { range }, fallback, groupBy: by, steps: true, every: live && every })
  const userName = useUserNames(by === 'user')
  const format = useMeasureFormat(measure)
  const nameOf = (name: string | null) =>
    name === null ? t('nobody') : by === 'user' ? userName(name) : name
  return (
    <Panel
      title={t('breakdown')}
      actions={
        <div className="flex min-w-0 flex-wrap items-center gap-2">
          <Segments
            label={t('by')}
            items={offered.map((name) => ({ value: name, label: t(`dimensions.${name}`) }))}
            value={by}
            onChange={(chosen) => onChange({ by: offered.find((name) => name === chosen) })}
          />
          <Select
            aria-label={t('measure')}
            className="w-32"
            value={measure}
            onChange={(event) => onChange({ measure: measures.find((name) => name === event.target.value) })}
          >
            {measures.map((name) => (
              <option key={name} value={name}>
                {t(`measures.${name}`)}
              </option>
            ))}
          </Select>
          <Button asChild variant="ghost" size="icon">
            <Link to="/usage" search={{ range, by, measure }} aria-label={t('toUsage')}>
              <ChartColumn />
            </Link>
          </Button>
        </div>
      }
    >
      <Loading query={query} skeleton={<Skeleton className="h-65" />}>
        {(data) =>
          data.items.length === 0 ? (
            <EmptyState icon={ChartColumn} title={t('nothing')} text={t('nothingText')} />
          ) : (
            <BreakdownChart
              label={t('chartLabel', { what: `${t(`measures.${measure}`)}, ${t(`dimensions.${by}`)}` })}
              data={data}
              by={by}
              measure={measure}
              nameOf={nameOf}
              otherLabel={t('others')}
              format={format}
            />
          )
        }
      </Loading>
    </Panel>
  )
}
