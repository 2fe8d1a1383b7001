import { ChartColumn, Download, ListTree } from 'lucide-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { BreakdownChart } from '@/components/breakdown-chart'
import { TimeRangePicker } from '@/components/time-range'
import { Button } from '@/components/ui/button'
import { EmptyState, Loading, Skeleton } from '@/components/ui/states'
import { Card, PageHeader, Panel } from '@/components/ui/surface'
import { csvOf, download } from '@/lib/csv'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { type Dimension, type Part, partsOf, useUsage } from '@/lib/usage'
import { useUserNames } from '@/lib/user-names'
import { Controls } from './controls'
import { PartsTable } from './parts-table'
import { Summary } from './summary'
import { table } from './table'
import { type UsageSearch, closer, fallback, filterOf, offered, presets } from './views'

type Props = { search: UsageSearch; onChange: (change: UsageSearch) => void }

/** Who used what, and what it cost: everybody's for those who may see it, else one's own. */
export function UsagePage({ search, onChange }: Props) {
  const { t } = useTranslation('usage')
  const format = useFormat()
  const mayDo = useMay()
  const seesAll = mayDo('usage.read')
  const choices = offered(search, seesAll)
  const by = choices.find((name) => name === search.by) ?? choices[0] ?? 'model'
  const measure = search.measure ?? 'cost'
  const filter = filterOf(search)
  const time = {
    range: { range: search.range, from: search.from, to: search.to },
    fallback,
    filter,
    interval: search.interval,
  }
  const compare = search.compare === true
  const total = useUsage(time)
  const totalBefore = useUsage({ ...time, before: true, enabled: compare })
  const parts = useUsage({ ...time, groupBy: by })
  const partsBefore = useUsage({ ...time, groupBy: by, before: true, enabled: compare })
  const steps = useUsage({ ...time, groupBy: by, steps: true })
  const userName = useUserNames(by === 'user' || search.user !== undefined)
  const nameOf = (dimension: Dimension, name: string | null) => {
    if (name === null) return t('nobody')
    if (dimension === 'user') return userName(name)
    return dimension === 'provider_key' ? `${name.slice(0, 8)}…` : name
  }
  const partName = ({ name, provider }: Part) =>
    by === 'provider_key' && provider ? `${provider} · ${nameOf(by, name)}` : nameOf(by, name)
  const lookCloser = ({ name }: Part) => {
    if (name === null) return
    const next = { ...search, [by]: name }
    onChange({ [by]: name, by: offered(next, seesAll).find((dimension) => dimension === closer[by]) })
  }
  const exportTable = () => {
    if (!parts.data) return
    const rows = table(partsOf(parts.data.items, by, measure), by, partName)
    const day = (time: number) => new Date(time).toISOString().slice(0, 10)
    download(`usage-${by}-${day(parts.data.from)}-${day(parts.data.to - 1)}.csv`, csvOf(rows))
  }
  return (
    <>
      <PageHeader title={t('title')} text={t(seesAll ? 'text' : 'ownText')}>
        <TimeRangePicker
          presets={presets}
          fallback={fallback}
          value={search}
          onChange={({ range, from, to }) => onChange({ range, from, to })}
        />
        <Button onClick={exportTable} disabled={!parts.data || parts.data.items.length === 0}>
          <Download /> {t('export')}
        </Button>
      </PageHeader>
      <Controls search={search} by={by} seesAll={seesAll} nameOf={nameOf} onChange={onChange} />
      <Loading query={total} skeleton={<Skeleton className="h-24" />}>
        {(data) => <Summary now={data.items[0]} before={compare ? totalBefore.data?.items[0] : undefined} />}
      </Loading>
      <Panel
        title={t('overTime', { what: t(`measures.${measure}`), by: t(`within.${by}`) })}
        className="mt-4"
      >
        <Loading query={steps} skeleton={<Skeleton className="h-75" />}>
          {(data) =>
            data.items.length === 0 ? (
              <EmptyState icon={ChartColumn} title={t('nothing')} text={t('nothingText')} />
            ) : (
              <BreakdownChart
                label={t('overTime', { what: t(`measures.${measure}`), by: t(`within.${by}`) })}
                data={data}
                by={by}
                measure={measure}
                nameOf={(name) => nameOf(by, name)}
                otherLabel={t('others')}
                format={measure === 'cost' ? format.money : format.compact}
                height={300}
              />
            )
          }
        </Loading>
      </Panel>
      <Card className="mt-4 overflow-hidden">
        <div className="border-line flex min-h-11 flex-wrap items-center gap-2 border-b px-4 py-2">
          <h2 className="flex-1 font-semibold">{t('parts', { by: t(`within.${by}`) })}</h2>
          <span className="text-ink-faint hidden text-xs sm:inline">{t('closer')}</span>
          <Button asChild variant="ghost" size="sm">
            <Link
              to="/requests"
              search={{
                ...time.range,
                range: search.range ?? (search.from ? undefined : fallback),
                ...filter,
              }}
            >
              <ListTree /> {t('toRequests')}
            </Link>
          </Button>
        </div>
        <Loading query={parts}>
          {(data) =>
            data.items.length === 0 ? (
              <p className="text-ink-soft p-6 text-center">{t('nothing')}</p>
            ) : (
              <PartsTable
                parts={partsOf(data.items, by, measure)}
                by={by}
                measure={measure}
                nameOf={partName}
                before={
                  compare && partsBefore.data ? partsOf(partsBefore.data.items, by, measure) : undefined
                }
                onOpen={lookCloser}
              />
            )
          }
        </Loading>
      </Card>
    </>
  )
}
