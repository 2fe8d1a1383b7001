import { useInfiniteQuery } from '@tanstack/react-query'
import { ScrollText } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { type Column, DataTable } from '@/components/ui/data-table'
import { EmptyState, Loading } from '@/components/ui/states'
import { Card, PageHeader } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { AuditFilters } from './audit-filters'
import { EntrySheet } from './entry-sheet'
import { type AuditFilter, type Entry, auditQuery } from './queries'
import { useWords } from './words'

export type AuditSearch = AuditFilter & { entry?: string | undefined }
type Props = { search: AuditSearch; onSearch: (part: AuditSearch) => void }

export function AuditPage({ search, onSearch }: Props) {
  const { t } = useTranslation('audit')
  const query = useInfiniteQuery(auditQuery(search))
  const columns = useColumns()
  const filtered = search.actor ?? search.action ?? search.object_kind ?? search.object_id
  const reset = () =>
    onSearch({ actor: undefined, action: undefined, object_kind: undefined, object_id: undefined })
  return (
    <>
      <PageHeader title={t('title')} text={t('text')} />
      <Card>
        <AuditFilters filter={search} onFilter={onSearch} />
        <Loading query={query}>
          {({ pages }) => {
            const entries = pages.flatMap(({ items }) => items)
            if (entries.length === 0)
              return (
                <EmptyState icon={ScrollText} title={t('none')} text={t('noneText')}>
                  {filtered && <Button onClick={reset}>{t('reset')}</Button>}
                </EmptyState>
              )
            return (
              <DataTable
                label={t('title')}
                columns={columns}
                rows={entries}
                rowKey={({ id }) => id}
                onOpen={({ id }) => onSearch({ entry: id })}
                busy={query.isFetchingNextPage}
                onEnd={() => query.hasNextPage && !query.isFetching && void query.fetchNextPage()}
              />
            )
          }}
        </Loading>
      </Card>
      <EntrySheet id={search.entry} onSearch={onSearch} />
    </>
  )
}

function useColumns(): Column<Entry>[] {
  const { t } = useTranslation('audit')
  const format = useFormat()
  const words = useWords()
  return [
    {
      id: 'at',
      header: t('time'),
      className: 'text-ink-soft whitespace-nowrap tabular-nums',
      cell: ({ at }) => (
        <>
          <span className="hidden sm:inline">{format.dateTime(at)}</span>
          <span className="sm:hidden">{format.ago(at)}</span>
        </>
      ),
    },
    {
      id: 'actor',
      header: t('actor'),
      from: 'sm',
      className: 'max-w-52 truncate',
      cell: (entry) => words.actor(entry),
    },
    {
      id: 'action',
      header: t('action'),
      className: 'max-w-60',
      cell: (entry) => (
        <>
          <span className="block truncate font-medium">{words.action(entry.action)}</span>
          <span className="text-ink-soft block truncate text-xs lg:hidden">{entry.object_name}</span>
        </>
      ),
    },
    {
      id: 'object',
      header: t('object'),
      from: 'lg',
      className: 'max-w-80 truncate',
      cell: (entry) => (
        <>
          <span className="text-ink-faint">{words.kind(entry.object_kind)}</span> {entry.object_name}
        </>
      ),
    },
  ]
}
