import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { BackLink } from '@/components/back-link'
import { Button } from '@/components/ui/button'
import { useConfirm } from '@/components/ui/confirm'
import { Field, Input, Textarea } from '@/components/ui/field'
import { Loading } from '@/components/ui/states'
import { Notice, PageHeader, Panel } from '@/components/ui/surface'
import { Tabs } from '@/components/ui/menu'
import { useToast } from '@/components/ui/toast'
import { ApiError, type Schema, api, body, explain } from '@/lib/api'
import { useMay } from '@/lib/session'
import { type Group, groupQuery } from './data'
import { LimitsPanel } from './limits-panel'
import { MembersPanel } from './members-panel'
import { PermissionChoice } from './permission-choice'

type Props = { id: string; tab: string; onTab: (tab: string) => void }

/** One group: who is in it, what they may do, and what they may use together. */
export function GroupDetail({ id, tab, onTab }: Props) {
  const { t } = useTranslation('people')
  const query = useQuery(groupQuery(id))
  return (
    <>
      <BackLink to="/groups">{t('groups')}</BackLink>
      <Loading query={query}>
        {(group) => (
          <>
            <Head group={group} />
            <Tabs
              value={tab}
              onValueChange={onTab}
              tabs={[
                {
                  value: 'members',
                  label: `${t('members')} (${group.members})`,
                  content: <MembersPanel group={group} />,
                },
                {
                  value: 'permissions',
                  label: t('permissionsTitle'),
                  content: <GroupForm key={group.updated_at} group={group} />,
                },
                {
                  value: 'limits',
                  label: t('limits.title'),
                  content: <LimitsPanel holder={{ kind: 'group', id }} />,
                },
              ]}
            />
          </>
        )}
      </Loading>
    </>
  )
}

function Head({ group }: { group: Group }) {
  const { t } = useTranslation('people')
  const confirm = useConfirm()
  const toast = useToast()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const mayWrite = useMay()('users.write')
  const remove = async () => {
    const question = {
      title: t('removeGroup.title', group),
      text: t('removeGroup.text', { count: group.members }),
      action: t('removeGroup.action'),
    }
    if (!(await confirm(question))) return
    try {
      await api.DELETE('/api/v1/groups/{id}', { params: { path: { id: group.id } } })
      await navigate({ to: '/groups' })
      toast.done(t('removeGroup.done', group))
      await queryClient.invalidateQueries({ queryKey: ['groups'] })
    } catch (error) {
      toast.failed(error)
    }
  }
  return (
    <PageHeader title={group.name} text={group.description}>
      {mayWrite && (
        <Button onClick={() => void remove()}>
          <Trash2 />
          {t('delete')}
        </Button>
      )}
    </PageHeader>
  )
}

/** Name, description and permissions: one thing to the API, so one form. */
function GroupForm({ group }: { group: Group }) {
  const { t } = useTranslation('people')
  const toast = useToast()
  const queryClient = useQueryClient()
  const mayWrite = useMay()('users.write')
  const { name, description, permissions } = group
  const [wanted, setWanted] = useState({ name, description, permissions })
  const set = (part: Partial<typeof wanted>) => setWanted({ ...wanted, ...part })
  const save = useMutation({
    mutationFn: (next: Schema<'PutGroup'>) =>
      body(api.PUT('/api/v1/groups/{id}', { params: { path: { id: group.id } }, body: next })),
    onSuccess: async (_, next) => {
      const isUndo = next.name === name && next.permissions === permissions
      const before = { name, description, permissions }
      toast.done(t('saved'), isUndo ? undefined : { undo: () => save.mutate(before) })
      await queryClient.invalidateQueries({ queryKey: ['groups'] })
    },
  })
  const field = (name: string) => (save.error instanceof ApiError ? save.error.field(name) : undefined)
  const send = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(wanted)
  }
  return (
    <Panel title={t('whatMembersMay')}>
      <form onSubmit={send} className="flex flex-col gap-5">
        {save.error && <Notice tone="bad">{explain(save.error)}</Notice>}
        <PermissionChoice
          chosen={wanted.permissions}
          onChange={(permissions) => set({ permissions })}
          disabled={!mayWrite}
        />
        <div className="border-line grid gap-4 border-t pt-5 md:grid-cols-2">
          <Field label={t('name')} error={field('name')}>
            <Input
              required
              maxLength={100}
              value={wanted.name}
              disabled={!mayWrite}
              onChange={(event) => set({ name: event.target.value })}
            />
          </Field>
          <Field label={t('description')} error={field('description')}>
            <Textarea
              className="min-h-16"
              maxLength={1000}
              value={wanted.description}
              disabled={!mayWrite}
              onChange={(event) => set({ description: event.target.value })}
            />
          </Field>
        </div>
        {mayWrite && (
          <Button type="submit" variant="primary" className="self-start" busy={save.isPending}>
            {t('save')}
          </Button>
        )}
      </form>
    </Panel>
  )
}
