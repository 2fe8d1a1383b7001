import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { currentLanguage } from '@/i18n'
import { Button } from '@/components/ui/button'
import { Field, Input, Select } from '@/components/ui/field'
import { Overlay } from '@/components/ui/overlay'
import { Notice } from '@/components/ui/surface'
import { ApiError, api, body, explain } from '@/lib/api'
import { useMe } from '@/lib/session'
import { GroupChoice } from './group-choice'
import { SentLink } from './sent-link'

/** Adds a person: they choose their password by a link, or are given one. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('people')
  const form = useId()
  const me = useMe()
  const queryClient = useQueryClient()
  const [person, setPerson] = useState({ email: '', name: '', password: '', language: currentLanguage() })
  const [role, setRole] = useState('member')
  const [groups, setGroups] = useState<string[]>([])
  const [withPassword, setWithPassword] = useState(false)
  const add = useMutation({
    mutationFn: () =>
      body(
        api.POST('/api/v1/users', {
          body: {
            email: person.email,
            ...(person.name ? { name: person.name } : {}),
            role,
            groups,
            language: person.language === 'zh' ? 'zh-CN' : 'en',
            password: withPassword ? person.password : null,
          },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['users'] }),
  })
  const set = (part: Partial<typeof person>) => setPerson({ ...person, ...part })
  const field = (name: string) => (add.error instanceof ApiError ? add.error.field(name) : undefined)
  const send = (event: FormEvent) => {
    event.preventDefault()
    add.mutate()
  }
  const added = add.data
  return (
    <Overlay
      open
      onOpenChange={(open) => !open && onClose()}
      title={added ? t('invite.done', { email: added.email }) : t('invite.title')}
      description={added ? undefined : t('invite.text')}
      footer={
        added ? (
          <>
            <Button asChild>
              <Link to="/users/$id" params={{ id: added.id }}>
                {t('invite.open')}
              </Link>
            </Button>
            <Button variant="primary" onClick={onClose}>
              {t('done')}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{t('cancel')}</Button>
            <Button type="submit" form={form} variant="primary" busy={add.isPending}>
              {withPassword ? t('invite.add') : t('invite.action')}
            </Button>
          </>
        )
      }
    >
      {added ? (
        added.invitation ? (
          <SentLink sent={added.invitation} email={added.email} />
        ) : (
          <Notice tone="good">{t('invite.withPasswordDone')}</Notice>
        )
      ) : (
        <form id={form} onSubmit={send} className="flex flex-col gap-4">
          {add.error && <Notice tone="bad">{explain(add.error)}</Notice>}
          <Field label={t('email')} error={field('email')}>
            <Input
              type="email"
              required
              autoFocus
              autoComplete="off"
              value={person.email}
              onChange={(event) => set({ email: event.target.value })}
            />
          </Field>
          <Field label={t('name')} hint={t('invite.nameHint')} error={field('name')}>
            <Input
              value={person.name}
              autoComplete="off"
              onChange={(event) => set({ name: event.target.value })}
            />
          </Field>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t('role')} hint={t(`roleHints.${role}`)} error={field('role')}>
              <Select value={role} onChange={(event) => setRole(event.target.value)}>
                <option value="member">{t('roles.member')}</option>
                {me?.role === 'administrator' && (
                  <option value="administrator">{t('roles.administrator')}</option>
                )}
              </Select>
            </Field>
            <Field label={t('invite.how')}>
              <Select
                value={withPassword ? 'password' : 'link'}
                onChange={(event) => setWithPassword(event.target.value === 'password')}
              >
                <option value="link">{t('invite.byLink')}</option>
                <option value="password">{t('invite.byPassword')}</option>
              </Select>
            </Field>
          </div>
          {withPassword ? (
            <Field label={t('invite.password')} hint={t('invite.passwordHint')} error={field('password')}>
              <Input
                type="password"
                required
                minLength={8}
                autoComplete="new-password"
                value={person.password}
                onChange={(event) => set({ password: event.target.value })}
              />
            </Field>
          ) : (
            <Field label={t('invite.language')}>
              <Select
                value={person.language}
                onChange={(event) => set({ language: event.target.value === 'zh' ? 'zh' : 'en' })}
              >
                <option value="en">English</option>
                <option value="zh">简体中文</option>
              </Select>
            </Field>
          )}
          <GroupChoice chosen={groups} onChange={setGroups} />
        </form>
      )}
    </Overlay>
  )
}
