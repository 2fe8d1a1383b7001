import { useNavigate } from '@tanstack/react-router'
import { Download, ListTree, Radio } from 'lucide-react'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { Menu, MenuItem } from '@/components/ui/menu'
import { EmptyState, Loading } from '@/components/ui/states'
import { Card, PageHeader } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { useUserNames } from '@/lib/user-names'
import { columnsOf } from './columns'
import { FilterBar } from './filter-bar'
import { type RequestsSearch, exportAddress, filtersOf } from './filters'
import { LiveBar } from './live-bar'
import { useRequests } from './queries'
import { merged } from './tail'
import { useTail } from './use-tail'

type Props = { search: RequestsSearch; onChange: (change: RequestsSearch) => void }

/** The request log, as it was and as it grows. */
export function RequestsPage({ search, onChange }: Props) {
  const { t } = useTranslation('requests')
  const format = useFormat()
  const mayDo = useMay()
  const navigate = useNavigate()
  const live = search.live === true
  const filters = filtersOf(search)
  const query = useRequests(filters)
  const { tail, tell } = useTail(filters, live)
  const userName = useUserNames()
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const isFiltered = Object.entries(filters).some(([name, value]) => name !== 'range' && value !== undefined)
  return (
    <>
      <PageHeader title={t('title')} text={mayDo('requests.read') ? t('text') : t('ownText')}>
        <Button
          aria-pressed={live}
          className={live ? 'border-brand text-brand' : ''}
          onClick={() =>
            onChange(live ? { live: undefined } : { live: true, from: undefined, to: undefined })
          }
        >
          <Radio /> {t('live')}
        </Button>
        <Menu
          trigger={
            <Button>
              <Download /> {t('export')}
            </Button>
          }
        >
          <MenuItem asChild>
            <a href={exportAddress(filters, 'csv')} download>
              CSV
            </a>
          </MenuItem>
          <MenuItem asChild>
            <a href={exportAddress(filters, 'jsonl')} download>
              JSON Lines
            </a>
          </MenuItem>
        </Menu>
      </PageHeader>
      <Card className="overflow-hidden">
        <FilterBar search={search} onChange={onChange} />
        {live && <LiveBar tail={tail} tell={tell} />}
        <Loading query={query}>
          {({ pages }) => {
            const listed = pages.flatMap(({ items }) => items)
            const rows = live ? merged(tail.rows, listed) : listed
            if (rows.length === 0) {
              return (
                <EmptyState
                  icon={ListTree}
                  title={t(isFiltered ? 'noneFound' : 'none')}
                  text={t(isFiltered ? 'noneFoundText' : 'noneText')}
                />
              )
            }
            return (
              <DataTable
                label={t('title')}
                columns={columnsOf({ t, format, userName })}
                rows={rows}
                rowKey={({ id }) => id}
                rowHeight={54}
                maxHeight={`max(24rem, calc(100dvh - ${live ? 18.5 : 15.5}rem))`}
                onOpen={({ id }) => void navigate({ to: '/requests/$id', params: { id } })}
                onEnd={onEnd}
                busy={query.isFetching}
              />
            )
          }}
        </Loading>
      </Card>
    </>
  )
}
