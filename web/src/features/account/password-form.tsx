import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { Notice } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { ApiError, api, explain } from '@/lib/api'
import type { Me } from '@/lib/session'

export function PasswordForm({ me }: { me: Me }) {
  const { t } = useTranslation('account')
  const client = useQueryClient()
  const toast = useToast()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const differs = again !== '' && again !== password
  const saved = useMutation({
    mutationFn: () => api.POST('/api/v1/auth/me/password', { body: { current_password: current, password } }),
    onSuccess: async () => {
      for (const clear of [setCurrent, setPassword, setAgain]) clear('')
      await client.invalidateQueries({ queryKey: ['sessions'] })
      toast.done(t('passwordChanged'), { text: t('passwordChangedText') })
    },
  })
  if (!me.has_password) return <p className="text-ink-soft">{t('noPassword')}</p>
  const wrong = (field: string) => (saved.error instanceof ApiError ? saved.error.field(field) : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (again === password) saved.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      {saved.error && <Notice tone="bad">{explain(saved.error)}</Notice>}
      <input type="hidden" autoComplete="username" value={me.email} readOnly />
      <Field label={t('currentPassword')} error={wrong('current_password')}>
        <Input
          type="password"
          autoComplete="current-password"
          value={current}
          required
          onChange={(event) => setCurrent(event.target.value)}
        />
      </Field>
      <Field label={t('newPassword')} hint={t('passwordHint')} error={wrong('password')}>
        <Input
          type="password"
          autoComplete="new-password"
          minLength={8}
          value={password}
          required
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <Field label={t('repeatPassword')} error={differs ? t('differs') : undefined}>
        <Input
          type="password"
          autoComplete="new-password"
          value={again}
          required
          onChange={(event) => setAgain(event.target.value)}
        />
      </Field>
      <p className="text-ink-faint text-xs">{t('endsOthers')}</p>
      <Button
        type="submit"
        variant="primary"
        busy={saved.isPending}
        disabled={differs}
        className="self-start"
      >
        {t('changePassword')}
      </Button>
    </form>
  )
}
