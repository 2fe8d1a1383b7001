import { useQuery } from '@tanstack/react-query'
import { SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { SearchInput } from '@/components/search-input'
import { type Column, DataTable } from '@/components/ui/data-table'
import { EmptyState, Loading } from '@/components/ui/states'
import { Badge, Card } from '@/components/ui/surface'
import { type Part, partsQuery } from './queries'

/** Whose work is in Roundhouse. */
export function Licences({ q, onQ }: { q: string | undefined; onQ: (q: string | undefined) => void }) {
  const { t } = useTranslation('about')
  const columns = useColumns()
  const words = q?.toLowerCase() ?? ''
  return (
    <Card>
      <div className="border-line flex flex-wrap items-center gap-3 border-b p-3">
        <SearchInput
          label={t('find')}
          value={q ?? ''}
          onChange={(text) => onQ(text || undefined)}
          className="w-full sm:w-72"
        />
        <p className="text-ink-soft">{t('licencesText')}</p>
      </div>
      <Loading query={useQuery(partsQuery)}>
        {(parts) => {
          const rows = parts.filter(
            ({ name, licence }) =>
              name.toLowerCase().includes(words) || licence.toLowerCase().includes(words),
          )
          if (rows.length === 0) return <EmptyState icon={SearchX} title={t('noneFits')} />
          return (
            <DataTable
              label={t('licences')}
              columns={columns}
              rows={rows}
              rowKey={({ from, name, version }) => `${from} ${name} ${version}`}
              rowHeight={40}
            />
          )
        }}
      </Loading>
    </Card>
  )
}

function useColumns(): Column<Part>[] {
  const { t } = useTranslation('about')
  return [
    {
      id: 'name',
      header: t('name'),
      className: 'max-w-64 truncate',
      cell: ({ name, home }) => (
        <a href={home} target="_blank" rel="noreferrer" className="font-medium hover:underline">
          {name}
        </a>
      ),
    },
    { id: 'version', header: t('version'), from: 'sm', cell: ({ version }) => version },
    { id: 'licence', header: t('licence'), className: 'max-w-72', cell: ({ licence }) => licence || '–' },
    {
      id: 'from',
      header: t('from'),
      from: 'md',
      cell: ({ from }) => <Badge>{from === 'npm' ? 'npm' : 'Rust'}</Badge>,
    },
  ]
}
