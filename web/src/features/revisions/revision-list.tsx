import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { EllipsisVertical, History, RotateCcw, Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { type Column, DataTable } from '@/components/ui/data-table'
import { Menu, MenuItem } from '@/components/ui/menu'
import { EmptyState, Loading } from '@/components/ui/states'
import { Badge, Card } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { type Change, type Revision, type Way, revisionsQuery } from './data'

/** Every change of the configuration, newest first. */
export function RevisionList({ onUndo }: { onUndo: (id: number, way: Way) => void }) {
  const { t } = useTranslation('revisions')
  const navigate = useNavigate()
  const columns = useColumns(onUndo)
  const query = useInfiniteQuery(revisionsQuery)
  return (
    <Card className="overflow-hidden">
      <Loading query={query}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items)
          if (items.length === 0) {
            return <EmptyState icon={History} title={t('empty.title')} text={t('empty.text')} />
          }
          return (
            <DataTable
              label={t('title')}
              columns={columns}
              rows={items}
              rowKey={({ id }) => String(id)}
              rowHeight={52}
              onOpen={({ id }) => void navigate({ to: '/revisions/$id', params: { id: String(id) } })}
              onEnd={() => {
                if (query.hasNextPage && !query.isFetching) void query.fetchNextPage()
              }}
              busy={query.isFetching}
            />
          )
        }}
      </Loading>
    </Card>
  )
}

function useColumns(onUndo: (id: number, way: Way) => void): Column<Revision>[] {
  const { t } = useTranslation('revisions')
  const format = useFormat()
  const may = useMay()
  const columns: Column<Revision>[] = [
    {
      id: 'id',
      header: t('number'),
      className: 'w-16 tabular-nums text-ink-faint',
      cell: ({ id }) => `#${id}`,
    },
    {
      id: 'summary',
      header: t('summary'),
      className: 'min-w-40 py-1.5',
      cell: ({ id, summary, author, created_at }) => (
        <>
          <Link
            to="/revisions/$id"
            params={{ id: String(id) }}
            className="hover:text-brand line-clamp-2 font-medium break-words"
          >
            {summary}
          </Link>
          <div className="text-ink-faint text-xs md:hidden">
            {author} · {format.ago(created_at)}
          </div>
        </>
      ),
    },
    {
      id: 'kinds',
      header: t('changed'),
      from: 'lg',
      className: 'max-w-96',
      cell: ({ changes }) => <Kinds changes={changes} />,
    },
    {
      id: 'author',
      header: t('author'),
      from: 'md',
      className: 'max-w-56 truncate',
      cell: ({ author }) => author,
    },
    {
      id: 'when',
      header: t('when'),
      from: 'md',
      className: 'whitespace-nowrap text-ink-soft',
      cell: ({ created_at }) => (
        <time dateTime={created_at} title={format.dateTime(created_at)}>
          {format.ago(created_at)}
        </time>
      ),
    },
  ]
  if (may('revisions.write')) {
    columns.push({
      id: 'actions',
      header: <span className="sr-only">{t('more')}</span>,
      align: 'right',
      className: 'w-12',
      cell: ({ id }) => (
        <Menu
          trigger={
            <Button variant="ghost" size="icon-sm" aria-label={t('moreOf', { id })}>
              <EllipsisVertical />
            </Button>
          }
        >
          <MenuItem onSelect={() => onUndo(id, 'rollback')}>
            <RotateCcw />
            {t('rollback.menu')}
          </MenuItem>
          <MenuItem onSelect={() => onUndo(id, 'revert')}>
            <Undo2 />
            {t('revert.menu')}
          </MenuItem>
        </Menu>
      ),
    })
  }
  return columns
}

/** How many things of which kind; the name where it is one. */
function Kinds({ changes }: { changes: Change[] }) {
  const { t } = useTranslation('revisions')
  const kinds = new Map<string, Change[]>()
  for (const change of changes) kinds.set(change.kind, [...(kinds.get(change.kind) ?? []), change])
  return (
    <span className="flex max-h-11 flex-wrap gap-1 overflow-hidden">
      {[...kinds].map(([kind, of]) => (
        <Badge key={kind} className="max-w-64">
          <span className="truncate">
            {t(`kinds.${kind}`, kind)}
            {of.length === 1 ? ` ${of[0]?.name}` : ` ×${of.length}`}
          </span>
        </Badge>
      ))}
    </span>
  )
}
