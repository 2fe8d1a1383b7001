import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import { Checkbox } from './field'

export type Column<Row> = {
  id: string
  header: ReactNode
  cell: (row: Row) => ReactNode
  /** Numbers stand at the right. */
  align?: 'right'
  /** Left out on screens narrower than this. */
  from?: 'sm' | 'md' | 'lg' | 'xl'
  className?: string
}

type Selection = { selected: ReadonlySet<string>; onChange: (selected: ReadonlySet<string>) => void }

type Props<Row> = {
  /** What the table holds, for screen readers. */
  label: string
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string
  onOpen?: (row: Row) => void
  selection?: Selection
  /** Called near the last row; loads more. */
  onEnd?: () => void
  busy?: boolean
  /** Pixels of a row. */
  rowHeight?: number
  /** The most height that the table takes, as a CSS length; it scrolls within. */
  maxHeight?: string
}

const shown = {
  sm: 'hidden sm:table-cell',
  md: 'hidden md:table-cell',
  lg: 'hidden lg:table-cell',
  xl: 'hidden xl:table-cell',
}

/** A table that draws only the rows in view, so that 100,000 are as quick as ten. */
export function DataTable<Row>({
  label,
  columns,
  rows,
  rowKey,
  onOpen,
  selection,
  onEnd,
  busy,
  rowHeight = 44,
  maxHeight = 'calc(100dvh - 15rem)',
}: Props<Row>) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  // The view's position is known only after it was drawn.
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - 20) onEnd?.()
  }, [last, rows.length, onEnd])
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const all =
    rows.length > 0 && selection !== undefined && rows.every((row) => selection.selected.has(rowKey(row)))
  const some = selection !== undefined && selection.selected.size > 0
  const toggle = (key: string) => {
    const next = new Set(selection?.selected)
    if (!next.delete(key)) next.add(key)
    selection?.onChange(next)
  }
  return (
    <div
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label={label}
      className="relative overflow-auto"
      style={{ maxHeight }}
    >
      <table
        className="w-full border-separate border-spacing-0"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-busy={busy}
      >
        <thead className="bg-surface sticky top-0 z-10">
          <tr>
            {selection && (
              <th className="border-line w-10 border-b px-3">
                <Checkbox
                  aria-label={t('table.selectAll')}
                  checked={all ? true : some ? 'indeterminate' : false}
                  onCheckedChange={() => selection.onChange(new Set(all ? [] : rows.map(rowKey)))}
                />
              </th>
            )}
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={cn(
                  'text-ink-faint border-line h-9 border-b px-3 text-left text-xs font-medium whitespace-nowrap',
                  column.align === 'right' && 'text-right',
                  column.from && shown[column.from],
                )}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Gap height={before} />}
          {items.map(({ index }) => {
            const row = rows[index]
            if (row === undefined) return null
            const key = rowKey(row)
            return (
              <tr
                key={key}
                aria-rowindex={index + 2}
                style={{ height: rowHeight }}
                className={cn(
                  'hover:bg-sunken/60',
                  onOpen && 'cursor-pointer',
                  selection?.selected.has(key) && 'bg-brand-soft',
                )}
                onClick={(event) => {
                  // Links, buttons and boxes within the row do their own thing; so does a selection of text.
                  const within =
                    event.target instanceof Element &&
                    event.target.closest(
                      'a,button,input,[role=checkbox],[role=menuitem],[role=switch],select',
                    )
                  if (!within && !getSelection()?.toString()) onOpen?.(row)
                }}
              >
                {selection && (
                  <td className="border-line border-b px-3">
                    <Checkbox
                      aria-label={t('table.select')}
                      checked={selection.selected.has(key)}
                      onCheckedChange={() => toggle(key)}
                    />
                  </td>
                )}
                {columns.map((column) => (
                  <td
                    key={column.id}
                    className={cn(
                      'border-line border-b px-3',
                      column.align === 'right' && 'text-right tabular-nums',
                      column.from && shown[column.from],
                      column.className,
                    )}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            )
          })}
          {after > 0 && <Gap height={after} />}
        </tbody>
      </table>
    </div>
  )
}

function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden>
      <td style={{ height }} />
    </tr>
  )
}
