import { useTranslation } from 'react-i18next'
import { DataTable } from '@/components/ui/data-table'
import { useFormat } from '@/lib/format'
import { type Dimension, type Measure, type Part, measureOf } from '@/lib/usage'
import { columnsOf, keyOf } from './part-columns'

type Props = {
  parts: Part[]
  by: Dimension
  measure: Measure
  nameOf: (part: Part) => string
  /** The parts of the time before, when they are compared. */
  before: Part[] | undefined
  onOpen: (part: Part) => void
}

/** Each part with its share of the whole. */
export function PartsTable({ parts, by, measure, nameOf, before, onOpen }: Props) {
  const { t } = useTranslation('usage')
  const format = useFormat()
  const whole = parts.reduce((sum, part) => sum + measureOf(part.sums, measure), 0)
  const earlier = before && new Map(before.map((part) => [keyOf(part), measureOf(part.sums, measure)]))
  const columns = columnsOf({ t, format, by, measure, nameOf, whole, earlier, onOpen })
  return (
    <>
      <DataTable
        label={t('table')}
        columns={columns}
        rows={parts}
        rowKey={keyOf}
        onOpen={onOpen}
        maxHeight="36rem"
      />
      {parts.some(({ sums }) => sums.unpriced > 0) && (
        <p className="text-ink-faint px-4 py-2.5 text-xs">
          <span className="text-warn">*</span> {t('unpricedNote')}
        </p>
      )}
    </>
  )
}
