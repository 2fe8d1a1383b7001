import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { UserMinus, UserPlus, UsersRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { type Column, DataTable } from '@/components/ui/data-table'
import { Input } from '@/components/ui/field'
import { EmptyState, Loading } from '@/components/ui/states'
import { Card } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { api } from '@/lib/api'
import { useMay } from '@/lib/session'
import { type Group, type User, membersQuery, usersQuery } from './data'
import { RoleBadge, StatusBadge } from './status-badge'

/** Who is in a group; people are found by name or address and added at once. */
export function MembersPanel({ group }: { group: Group }) {
  const { t } = useTranslation('people')
  const mayWrite = useMay()('users.write')
  const { add, remove } = useMembership(group)
  const query = useInfiniteQuery(membersQuery(group.id))
  const columns = useColumns(mayWrite ? remove : undefined)
  const members = query.data?.pages.flatMap((page) => page.items)
  return (
    <Card className="overflow-hidden">
      {mayWrite && <AddMember members={members ?? []} onAdd={add} />}
      <Loading query={{ ...query, data: members }}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon={UsersRound} title={t('noMembers')} text={t('noMembersText')} />
          ) : (
            <DataTable
              label={t('members')}
              columns={columns}
              rows={items}
              rowKey={({ id }) => id}
              rowHeight={52}
              onEnd={() => {
                if (query.hasNextPage && !query.isFetching) void query.fetchNextPage()
              }}
              busy={query.isFetching}
            />
          )
        }
      </Loading>
    </Card>
  )
}

function useMembership(group: Group) {
  const { t } = useTranslation('people')
  const toast = useToast()
  const queryClient = useQueryClient()
  const at = (user: User) => ({ params: { path: { id: group.id, user_id: user.id } } })
  const refresh = async () => {
    await queryClient.invalidateQueries({ queryKey: ['groups'] })
    await queryClient.invalidateQueries({ queryKey: ['users'] })
  }
  const change = async (user: User, isIn: boolean, undoable = true) => {
    try {
      if (isIn) await api.PUT('/api/v1/groups/{id}/members/{user_id}', at(user))
      else await api.DELETE('/api/v1/groups/{id}/members/{user_id}', at(user))
      const undo = undoable ? { undo: () => void change(user, !isIn, false) } : undefined
      toast.done(t(isIn ? 'memberAdded' : 'memberRemoved', { name: user.name, group: group.name }), undo)
      await refresh()
    } catch (error) {
      toast.failed(error)
    }
  }
  return { add: (user: User) => change(user, true), remove: (user: User) => change(user, false) }
}

type AddProps = { members: User[]; onAdd: (user: User) => Promise<void> }

function AddMember({ members, onAdd }: AddProps) {
  const { t } = useTranslation('people')
  const [q, setQ] = useState('')
  const found = useInfiniteQuery({ ...usersQuery({ q }), enabled: q.trim() !== '' })
  const inGroup = new Set(members.map(({ id }) => id))
  const people = q.trim() === '' ? [] : (found.data?.pages[0]?.items ?? [])
  return (
    <div className="border-line border-b p-3">
      <Input
        type="search"
        className="max-w-md"
        aria-label={t('addMember')}
        placeholder={t('addMember')}
        value={q}
        onChange={(event) => setQ(event.target.value)}
      />
      {q.trim() !== '' && (
        <ul
          aria-live="polite"
          className="border-line mt-2 max-h-64 max-w-md overflow-y-auto rounded-md border"
        >
          {people.length === 0 && !found.isFetching && (
            <li className="text-ink-faint px-3 py-2">{t('nobodyFound')}</li>
          )}
          {people.slice(0, 20).map((user) => (
            <li key={user.id} className="border-line flex items-center gap-3 px-3 py-2 not-last:border-b">
              <div className="min-w-0 flex-1">
                <div className="truncate font-medium">{user.name || user.email}</div>
                <div className="text-ink-faint truncate text-xs">{user.email}</div>
              </div>
              <Button
                size="sm"
                disabled={inGroup.has(user.id)}
                onClick={() => void onAdd(user)}
                aria-label={t('addNamed', { name: user.name || user.email })}
              >
                <UserPlus />
                {inGroup.has(user.id) ? t('isMember') : t('add')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function useColumns(remove: ((user: User) => Promise<void>) | undefined): Column<User>[] {
  const { t } = useTranslation('people')
  const columns: Column<User>[] = [
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
    { id: 'status', header: t('status'), from: 'sm', cell: ({ status }) => <StatusBadge status={status} /> },
  ]
  if (remove) {
    columns.push({
      id: 'remove',
      header: <span className="sr-only">{t('remove')}</span>,
      align: 'right',
      cell: (user) => (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={t('removeNamed', { name: user.name || user.email })}
          onClick={() => void remove(user)}
        >
          <UserMinus />
        </Button>
      ),
    })
  }
  return columns
}
