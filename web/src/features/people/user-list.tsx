import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Users } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type Column, DataTable } from '@/components/ui/data-table'
import { Input, Select } from '@/components/ui/field'
import { EmptyState, Loading } from '@/components/ui/states'
import { Card } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { type User, type UserFilters, groupsQuery, usersQuery } from './data'
import { RoleBadge, StatusBadge } from './status-badge'

type Props = { filters: UserFilters; onFilter: (filters: UserFilters) => void }

/** Who has an account here. */
export function UserList({ filters, onFilter }: Props) {
  const { t } = useTranslation('people')
  const navigate = useNavigate()
  const columns = useColumns()
  const query = useInfiniteQuery(usersQuery(filters))
  const filtered = Object.values(filters).some((value) => value !== undefined)
  return (
    <Card className="overflow-hidden">
      <Filters filters={filters} onFilter={onFilter} />
      <Loading query={query}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items)
          if (items.length === 0) {
            return (
              <EmptyState
                icon={Users}
                title={filtered ? t('nobodyFound') : t('nobody')}
                text={filtered ? t('nobodyFoundText') : undefined}
              />
            )
          }
          return (
            <DataTable
              label={t('users')}
              columns={columns}
              rows={items}
              rowKey={({ id }) => id}
              rowHeight={52}
              onOpen={({ id }) => void navigate({ to: '/users/$id', params: { id } })}
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

function Filters({ filters, onFilter }: Props) {
  const { t } = useTranslation('people')
  const groups = useQuery(groupsQuery)
  const change = (part: Partial<UserFilters>) => onFilter({ ...filters, ...part })
  const role = (value: string) => (value === 'administrator' || value === 'member' ? value : undefined)
  return (
    <div className="border-line grid gap-2 border-b p-3 sm:grid-cols-2 lg:grid-cols-[1fr_11rem_11rem_13rem]">
      <Input
        type="search"
        aria-label={t('searchUsers')}
        placeholder={t('searchUsers')}
        value={filters.q ?? ''}
        onChange={(event) => change({ q: event.target.value || undefined })}
      />
      <Select
        aria-label={t('role')}
        value={filters.role ?? ''}
        onChange={(event) => change({ role: role(event.target.value) })}
      >
        <option value="">{t('anyRole')}</option>
        <option value="administrator">{t('roles.administrator')}</option>
        <option value="member">{t('roles.member')}</option>
      </Select>
      <Select
        aria-label={t('status')}
        value={filters.disabled === undefined ? '' : String(filters.disabled)}
        onChange={(event) =>
          change({ disabled: event.target.value === '' ? undefined : event.target.value === 'true' })
        }
      >
        <option value="">{t('anyStatus')}</option>
        <option value="false">{t('notDisabled')}</option>
        <option value="true">{t('statuses.disabled')}</option>
      </Select>
      <Select
        aria-label={t('group')}
        value={filters.group ?? ''}
        onChange={(event) => change({ group: event.target.value || undefined })}
      >
        <option value="">{t('anyGroup')}</option>
        {groups.data?.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </div>
  )
}

function useColumns(): Column<User>[] {
  const { t } = useTranslation('people')
  const format = useFormat()
  return [
    {
      id: 'name',
      header: t('person'),
      className: 'max-w-64 min-w-40 py-1.5',
      cell: ({ id, name, email }) => (
        <>
          <Link to="/users/$id" params={{ id }} className="hover:text-brand block truncate font-medium">
            {name || email}
          </Link>
          <div className="text-ink-faint truncate text-xs">{email}</div>
        </>
      ),
    },
    { id: 'role', header: t('role'), from: 'sm', cell: ({ role }) => <RoleBadge role={role} /> },
    { id: 'status', header: t('status'), cell: ({ status }) => <StatusBadge status={status} /> },
    {
      id: 'login',
      header: t('lastLogin'),
      from: 'md',
      className: 'text-ink-soft whitespace-nowrap',
      cell: ({ last_login_at: at }) => (at ? <time title={format.dateTime(at)}>{format.ago(at)}</time> : '—'),
    },
    {
      id: 'created',
      header: t('since'),
      from: 'lg',
      className: 'text-ink-soft whitespace-nowrap',
      cell: ({ created_at }) => format.date(created_at),
    },
  ]
}
