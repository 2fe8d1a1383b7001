import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { UsersRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { type Column, DataTable } from '@/components/ui/data-table'
import { EmptyState, Loading } from '@/components/ui/states'
import { Card } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { type Group, groupsQuery } from './data'

/** Groups, with how many people and permissions are in each. `add` is offered where there are none. */
export function GroupList({ add }: { add: ReactNode }) {
  const { t } = useTranslation('people')
  const navigate = useNavigate()
  const columns = useColumns()
  const query = useQuery(groupsQuery)
  return (
    <Card className="overflow-hidden">
      <Loading query={query}>
        {(groups) =>
          groups.length === 0 ? (
            <EmptyState icon={UsersRound} title={t('noGroups')} text={t('noGroupsText')}>
              {add}
            </EmptyState>
          ) : (
            <DataTable
              label={t('groups')}
              columns={columns}
              rows={groups}
              rowKey={({ id }) => id}
              rowHeight={52}
              onOpen={({ id }) => void navigate({ to: '/groups/$id', params: { id } })}
              busy={query.isFetching}
            />
          )
        }
      </Loading>
    </Card>
  )
}

function useColumns(): Column<Group>[] {
  const { t } = useTranslation('people')
  const format = useFormat()
  return [
    {
      id: 'name',
      header: t('name'),
      className: 'max-w-96 min-w-40 py-1.5',
      cell: ({ id, name, description }) => (
        <>
          <Link to="/groups/$id" params={{ id }} className="hover:text-brand block truncate font-medium">
            {name}
          </Link>
          {description && <div className="text-ink-faint truncate text-xs">{description}</div>}
        </>
      ),
    },
    {
      id: 'members',
      header: t('members'),
      align: 'right',
      cell: ({ members }) => format.number(members),
    },
    {
      id: 'permissions',
      header: t('permissionsTitle'),
      align: 'right',
      cell: ({ permissions }) => format.number(permissions.length),
    },
    {
      id: 'since',
      header: t('created'),
      from: 'md',
      className: 'text-ink-soft whitespace-nowrap',
      cell: ({ created_at }) => format.date(created_at),
    },
  ]
}
