import { ArrowRight, GitMerge, Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { type Column, DataTable } from '@/components/ui/data-table'
import { Badge, Notice } from '@/components/ui/surface'
import type { Schema } from '@/lib/api'

type Row = { key: string; provider: string; model: string; before: string; after: string; note?: ReactNode }

type Props = {
  rows: Row[]
  unchanged: number
  merges: Schema<'ShownMerge'>[]
  skipped?: Schema<'Skipped'>[]
}

/** What a rule for names would do: what changes, what would share a name, what cannot be changed. */
export function RenamePreview({ rows, unchanged, merges, skipped = [] }: Props) {
  const { t } = useTranslation('models')
  const columns = useColumns(merges)
  return (
    <div className="flex flex-col gap-3">
      <p className="text-ink-soft" role="status">
        {t('preview.changes', { count: rows.length })} {t('preview.unchanged', { count: unchanged })}
      </p>
      {merges.length > 0 && (
        <Notice tone="warn">
          <p className="font-medium">{t('preview.merges', { count: merges.length })}</p>
          <ul className="mt-1 max-h-32 list-disc overflow-auto pl-5">
            {merges.slice(0, 50).map(({ provider, name, models }) => (
              <li key={`${provider}\n${name}`} className="break-all">
                {t('preview.merge', { provider, name, models: models.join(', ') })}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {skipped.length > 0 && (
        <Notice tone="neutral">
          <p className="flex items-center gap-1.5 font-medium">
            <Lock className="size-3.5" aria-hidden /> {t('preview.skipped', { count: skipped.length })}
          </p>
          <ul className="mt-1 max-h-32 list-disc overflow-auto pl-5">
            {skipped.slice(0, 50).map(({ provider, model, reason }) => (
              <li key={`${provider}\n${model}`} className="break-all">
                {provider}/{model}: {reason}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {rows.length > 0 && (
        <div className="border-line overflow-hidden rounded-md border">
          <DataTable
            label={t('preview.change')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.key}
            rowHeight={40}
            maxHeight="18rem"
          />
        </div>
      )}
    </div>
  )
}

function useColumns(merges: Schema<'ShownMerge'>[]): Column<Row>[] {
  const { t } = useTranslation('models')
  const shared = new Set(
    merges.flatMap(({ provider, models }) => models.map((model) => `${provider}\n${model}`)),
  )
  return [
    {
      id: 'name',
      header: t('preview.change'),
      cell: (row) => (
        <span className="flex flex-wrap items-center gap-x-2">
          <span className="text-ink-soft break-all">{row.before}</span>
          <ArrowRight className="text-ink-faint size-3.5 shrink-0" aria-label={t('preview.becomes')} />
          <span className="font-medium break-all">{row.after}</span>
          {shared.has(`${row.provider}\n${row.model}`) && (
            <Badge tone="warn">
              <GitMerge className="size-3" aria-hidden /> {t('preview.shared')}
            </Badge>
          )}
          {row.note}
        </span>
      ),
    },
    { id: 'provider', header: t('provider'), from: 'sm', cell: (row) => row.provider },
  ]
}
