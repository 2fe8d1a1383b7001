import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { useConfirm } from '@/components/ui/confirm'
import { type Column, DataTable } from '@/components/ui/data-table'
import { Input, Select } from '@/components/ui/field'
import { EmptyState, Loading } from '@/components/ui/states'
import { Badge, Card, PageHeader } from '@/components/ui/surface'
import { api } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useMe } from '@/lib/session'
import { useUserNames } from '@/lib/user-names'
import { BudgetBars } from './budget-bars'
import type { AccessKey } from './draft'
import { type Filters, listQuery, useChange } from './queries'
import { StandingBadge } from './standing-badge'

type Props = { filters: Filters; onFilters: (filters: Filters) => void; onAdd: () => void }

/** All access keys that one may see. */
export function AccessKeyList({ filters, onFilters, onAdd }: Props) {
  const { t } = useTranslation('access-keys')
  const navigate = useNavigate()
  const found = useInfiniteQuery(listQuery(filters))
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const columns = useColumns()
  const rows = found.data?.pages.flatMap((page) => page.items)
  const filtered = Boolean(filters.q || filters.state)
  return (
    <>
      <PageHeader title={t('title')} text={t('text')}>
        <Button variant="primary" onClick={onAdd}>
          <Plus /> {t('add')}
        </Button>
      </PageHeader>
      <Card>
        <div className="border-line flex flex-wrap items-center gap-2 border-b p-3">
          <Input
            type="search"
            aria-label={t('search')}
            placeholder={t('search')}
            className="max-w-64"
            defaultValue={filters.q}
            onChange={(event) => onFilters({ ...filters, q: event.target.value || undefined })}
          />
          <Select
            aria-label={t('status')}
            className="w-auto"
            value={filters.state ?? ''}
            onChange={(event) => onFilters({ ...filters, state: event.target.value || undefined })}
          >
            <option value="">{t('anyState')}</option>
            <option value="works">{t('standing.works')}</option>
            <option value="disabled">{t('standing.disabled')}</option>
            <option value="expired">{t('standing.expired')}</option>
          </Select>
          {selected.size > 0 && <Batch selected={selected} onDone={() => setSelected(new Set())} />}
        </div>
        <Loading query={{ ...found, data: rows }}>
          {(items) =>
            items.length === 0 ? (
              <EmptyState
                icon={KeyRound}
                title={filtered ? t('nothingFound') : t('emptyTitle')}
                text={filtered ? undefined : t('emptyText')}
              >
                {!filtered && (
                  <Button variant="primary" onClick={onAdd}>
                    <Plus /> {t('add')}
                  </Button>
                )}
              </EmptyState>
            ) : (
              <DataTable
                label={t('title')}
                columns={columns}
                rows={items}
                rowKey={({ id }) => id}
                rowHeight={56}
                onOpen={({ id }) => void navigate({ to: '/access-keys/$id', params: { id } })}
                selection={{ selected, onChange: setSelected }}
                onEnd={() => void (found.hasNextPage && !found.isFetching && found.fetchNextPage())}
                busy={found.isFetching}
              />
            )
          }
        </Loading>
      </Card>
    </>
  )
}

function useColumns(): Column<AccessKey>[] {
  const { t } = useTranslation('access-keys')
  const format = useFormat()
  const me = useMe()
  const nameOf = useUserNames()
  return [
    {
      id: 'name',
      header: t('name'),
      cell: (key) => (
        <div className="min-w-36">
          <Link to="/access-keys/$id" params={{ id: key.id }} className="font-medium hover:underline">
            {key.name}
          </Link>
          <div className="text-ink-faint font-mono text-xs">{key.masked_key ?? '–'}</div>
        </div>
      ),
    },
    {
      id: 'state',
      header: t('status'),
      cell: (key) => (
        <span className="inline-flex gap-1">
          <StandingBadge accessKey={key} />
          {!key.editable && <Badge>{t('declared')}</Badge>}
        </span>
      ),
    },
    {
      id: 'owner',
      header: t('owner'),
      from: 'lg',
      cell: ({ owner }) => (!owner ? '–' : owner === me?.id ? t('you') : nameOf(owner)),
    },
    {
      id: 'models',
      header: t('models'),
      from: 'xl',
      cell: ({ models }) => (
        <span className="block max-w-48 truncate font-mono text-xs">{models.join(', ')}</span>
      ),
    },
    { id: 'budget', header: t('budget'), from: 'sm', cell: (key) => <BudgetBars of={key} brief /> },
    {
      id: 'today',
      header: t('requestsToday'),
      from: 'md',
      align: 'right',
      cell: ({ usage }) => format.compact(usage.today.requests),
    },
    {
      id: 'cost',
      header: t('costMonth'),
      from: 'md',
      align: 'right',
      cell: ({ usage }) => format.money(usage.this_month.cost_usd * 1e9),
    },
    {
      id: 'expires',
      header: t('expires'),
      from: 'xl',
      cell: ({ expires_at }) => (expires_at ? format.ago(expires_at) : t('never')),
    },
  ]
}

function Batch({ selected, onDone }: { selected: ReadonlySet<string>; onDone: () => void }) {
  const { t } = useTranslation('access-keys')
  const confirm = useConfirm()
  const change = useChange({
    act: (action: 'enable' | 'disable' | 'delete') =>
      api.POST('/api/v1/access-keys/batch', { body: { ids: [...selected], action } }),
    done: t('changed'),
    onDone,
  })
  const remove = async () => {
    const sure = await confirm({
      title: t('deleteManyTitle', { count: selected.size }),
      text: t('deleteText'),
      action: t('delete'),
    })
    if (sure) change.mutate('delete')
  }
  return (
    <>
      <span className="text-ink-soft">{t('table.selected', { count: selected.size })}</span>
      <Button size="sm" onClick={() => change.mutate('enable')}>
        {t('enable')}
      </Button>
      <Button size="sm" onClick={() => change.mutate('disable')}>
        {t('disable')}
      </Button>
      <Button size="sm" variant="danger" onClick={() => void remove()}>
        {t('delete')}
      </Button>
    </>
  )
}
