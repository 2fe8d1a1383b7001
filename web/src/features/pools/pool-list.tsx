import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Boxes, Ellipsis, Lock, Pencil, Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { useConfirm } from '@/components/ui/confirm'
import { type Column, DataTable } from '@/components/ui/data-table'
import { Menu, MenuItem, MenuSeparator } from '@/components/ui/menu'
import { EmptyState, Loading } from '@/components/ui/states'
import { Badge, Card, CopyButton } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { api } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { useDoneWithUndo } from '@/lib/undo'
import { type Pool, addressOf, poolsQuery, shareOf } from './queries'

type Props = { onAdd: () => void; onEdit: (name: string) => void }

export function PoolList({ onAdd, onEdit }: Props) {
  const { t } = useTranslation('pools')
  const mayDo = useMay()
  const pools = useQuery(poolsQuery)
  const columns = useColumns(onEdit)
  return (
    <Card className="overflow-hidden">
      <Loading query={pools}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={Boxes} title={t('emptyTitle')} text={t('emptyText')}>
              {mayDo('providers.write') && (
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
              rowHeight={52}
              onOpen={({ name }) => onEdit(name)}
            />
          )
        }
      </Loading>
    </Card>
  )
}

function useColumns(onEdit: (name: string) => void): Column<Pool>[] {
  const { t } = useTranslation('pools')
  const format = useFormat()
  return [
    {
      id: 'name',
      header: t('name'),
      cell: ({ name, editable }) => (
        <span className="flex items-center gap-1.5">
          <button type="button" className="font-medium hover:underline" onClick={() => onEdit(name)}>
            {name}
          </button>
          {!editable && <Lock className="text-ink-faint size-3.5" aria-label={t('declared')} />}
        </span>
      ),
    },
    {
      id: 'members',
      header: t('members'),
      cell: ({ spec }) => (
        <span className="flex flex-wrap gap-1.5 py-1.5">
          {spec.providers.map((member) => (
            <Link key={member.provider} to="/providers/$name" params={{ name: member.provider }}>
              <Badge tone={member.weight === 0 ? 'neutral' : 'brand'}>
                {member.provider}
                <span className="font-normal">{format.percent(shareOf(member, spec.providers))}</span>
              </Badge>
            </Link>
          ))}
        </span>
      ),
    },
    {
      id: 'path',
      header: t('path'),
      from: 'md',
      cell: ({ name }) => (
        <span className="flex items-center gap-1">
          <code className="text-xs">/proxy/{name}/…</code>
          <CopyButton text={addressOf(name)} />
        </span>
      ),
    },
    {
      id: 'menu',
      header: <span className="sr-only">{t('more')}</span>,
      align: 'right',
      cell: (pool) => <PoolMenu pool={pool} onEdit={() => onEdit(pool.name)} />,
    },
  ]
}

function PoolMenu({ pool, onEdit }: { pool: Pool; onEdit: () => void }) {
  const { t } = useTranslation('pools')
  const mayDo = useMay()
  const confirm = useConfirm()
  const toast = useToast()
  const client = useQueryClient()
  const done = useDoneWithUndo()
  const { name, editable } = pool
  const remove = async () => {
    const sure = await confirm({
      title: t('deleteTitle', { name }),
      text: t('deleteText', { path: `/proxy/${name}/…` }),
      action: t('delete'),
    })
    if (!sure) return
    try {
      await api.DELETE('/api/v1/pools/{id}', { params: { path: { id: name } } })
    } catch (error) {
      return toast.failed(error)
    }
    void client.invalidateQueries({ queryKey: ['pools'] })
    await done(t('deleted', { name }))
  }
  return (
    <Menu
      trigger={
        <Button variant="ghost" size="icon-sm" aria-label={t('actionsOf', { name })}>
          <Ellipsis />
        </Button>
      }
    >
      <MenuItem onSelect={onEdit}>
        <Pencil /> {t(editable ? 'edit' : 'details')}
      </MenuItem>
      {editable && mayDo('providers.write') && (
        <>
          <MenuSeparator />
          <MenuItem danger onSelect={() => void remove()}>
            <Trash2 /> {t('delete')}
          </MenuItem>
        </>
      )}
    </Menu>
  )
}
