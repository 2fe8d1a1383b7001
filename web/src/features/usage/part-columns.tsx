import type { TFunction } from 'i18next'
import type { Column } from '@/components/ui/data-table'
import type { useFormat } from '@/lib/format'
import { type Dimension, type Measure, type Part, measureOf } from '@/lib/usage'
import { Change } from './change'

type Told = {
  t: TFunction
  format: ReturnType<typeof useFormat>
  by: Dimension
  measure: Measure
  nameOf: (part: Part) => string
  /** What all parts come to. */
  whole: number
  /** What each part came to before, when that is compared. */
  earlier: Map<string, number> | undefined
  onOpen: (part: Part) => void
}

/** Provider keys of the same name may be of several providers. */
export const keyOf = (part: Part) => JSON.stringify([part.name, part.provider])

/** The columns of the parts; the narrower the screen, the fewer. */
export function columnsOf({ t, format, by, measure, nameOf, whole, earlier, onOpen }: Told): Column<Part>[] {
  const columns: Column<Part>[] = [
    {
      id: 'name',
      header: t(`dimensions.${by}`),
      className: 'w-full max-w-0',
      cell: (part) => (
        <button
          type="button"
          disabled={part.name === null}
          onClick={() => onOpen(part)}
          title={nameOf(part)}
          className="block max-w-full truncate text-left font-medium enabled:hover:underline"
        >
          {nameOf(part)}
        </button>
      ),
    },
    {
      id: 'share',
      header: t('share', { of: t(`measures.${measure}`) }),
      className: 'min-w-32',
      cell: ({ sums }) => {
        const share = whole > 0 ? measureOf(sums, measure) / whole : 0
        return (
          <span className="flex items-center gap-2">
            <span className="bg-sunken hidden h-1.5 w-24 overflow-hidden rounded-full sm:block" aria-hidden>
              <span
                className="block h-full rounded-full"
                style={{ width: `${share * 100}%`, background: 'var(--chart-1)' }}
              />
            </span>
            <span className="tabular-nums">{format.percent(share)}</span>
          </span>
        )
      },
    },
    {
      id: 'requests',
      header: t('measures.requests'),
      align: 'right',
      from: 'sm',
      cell: ({ sums }) => format.number(sums.requests),
    },
    {
      id: 'errors',
      header: t('errorShare'),
      align: 'right',
      from: 'md',
      className: 'whitespace-nowrap',
      cell: ({ sums }) => format.percent(sums.requests > 0 ? sums.errors / sums.requests : 0),
    },
    {
      id: 'input',
      header: t('input'),
      align: 'right',
      className: 'whitespace-nowrap',
      from: 'md',
      cell: ({ sums }) => format.compact(sums.input_tokens),
    },
    {
      id: 'cached',
      header: t('cached'),
      align: 'right',
      className: 'whitespace-nowrap',
      from: 'xl',
      cell: ({ sums }) => format.compact(sums.cached_tokens),
    },
    {
      id: 'output',
      header: t('output'),
      align: 'right',
      className: 'whitespace-nowrap',
      from: 'md',
      cell: ({ sums }) => format.compact(sums.output_tokens),
    },
    {
      id: 'p95',
      header: t('p95'),
      align: 'right',
      from: 'xl',
      className: 'whitespace-nowrap',
      cell: ({ sums }) => (sums.p95_ms == null ? '–' : format.duration(sums.p95_ms)),
    },
    {
      id: 'cost',
      header: t('measures.cost'),
      align: 'right',
      className: 'whitespace-nowrap font-medium',
      cell: ({ sums }) => (
        <span
          title={
            sums.unpriced > 0
              ? t('unpriced', { count: sums.unpriced, shown: format.compact(sums.unpriced) })
              : undefined
          }
        >
          {format.money(sums.cost_nanousd)}
          {sums.unpriced > 0 && <span className="text-warn"> *</span>}
        </span>
      ),
    },
  ]
  if (earlier) {
    columns.push({
      id: 'change',
      header: t('change'),
      align: 'right',
      from: 'sm',
      className: 'whitespace-nowrap',
      cell: (part) => <Change now={measureOf(part.sums, measure)} before={earlier.get(keyOf(part)) ?? 0} />,
    })
  }
  return columns
}
