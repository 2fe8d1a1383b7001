import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input, Select } from '@/components/ui/field'
import { Notice, Panel } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { ApiError, explain } from '@/lib/api'
import { useMay, useMe } from '@/lib/session'
import type { Profile } from './data'
import { GroupChoice } from './group-choice'
import type { useUserActions } from './use-user-actions'

type Props = { user: Profile; change: ReturnType<typeof useUserActions>['change'] }

/** Name, address, role and groups of a person. */
export function UserForm({ user, change }: Props) {
  const { t } = useTranslation('people')
  const toast = useToast()
  const me = useMe()
  const mayWrite = useMay()('users.write')
  const now = {
    name: user.name,
    email: user.email,
    role: user.role,
    groups: user.groups.map(({ id }) => id),
  }
  const [person, setPerson] = useState(now)
  const set = (part: Partial<typeof person>) => setPerson({ ...person, ...part })
  const field = (name: string) => (change.error instanceof ApiError ? change.error.field(name) : undefined)
  const save = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(person, {
      onSuccess: () => {
        const undo = () =>
          change.mutate(now, { onSuccess: () => toast.done(t('saved')), onError: (e) => toast.failed(e) })
        toast.done(t('saved'), { undo })
      },
    })
  }
  return (
    <Panel title={t('profile')}>
      <form onSubmit={save} className="flex flex-col gap-4">
        {change.error && <Notice tone="bad">{explain(change.error)}</Notice>}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('name')} error={field('name')}>
            <Input
              value={person.name}
              disabled={!mayWrite}
              onChange={(event) => set({ name: event.target.value })}
            />
          </Field>
          <Field label={t('email')} error={field('email')}>
            <Input
              type="email"
              required
              value={person.email}
              disabled={!mayWrite}
              onChange={(event) => set({ email: event.target.value })}
            />
          </Field>
        </div>
        <Field label={t('role')} hint={t(`roleHints.${person.role}`)} error={field('role')}>
          <Select
            value={person.role}
            disabled={!mayWrite || me?.role !== 'administrator'}
            onChange={(event) => set({ role: event.target.value })}
          >
            <option value="member">{t('roles.member')}</option>
            <option value="administrator">{t('roles.administrator')}</option>
          </Select>
        </Field>
        <GroupChoice chosen={person.groups} onChange={(groups) => set({ groups })} disabled={!mayWrite} />
        {mayWrite && (
          <Button type="submit" variant="primary" className="self-start" busy={change.isPending}>
            {t('save')}
          </Button>
        )}
      </form>
    </Panel>
  )
}
