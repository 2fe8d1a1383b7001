import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { Loading } from '@/components/ui/states'
import { Notice } from '@/components/ui/surface'
import { ApiError, api, body, explain } from '@/lib/api'
import { useEnter } from './use-enter'

/** Sets a password by a link of an invitation or a reset. */
export function LinkForm({ token }: { token: string }) {
  const { t } = useTranslation('auth')
  const [password, setPassword] = useState('')
  const enter = useEnter()
  const link = useQuery({
    queryKey: ['link', token],
    queryFn: () => body(api.POST('/api/v1/auth/link', { body: { token } })),
    retry: false,
  })
  const saved = useMutation({
    mutationFn: () => api.POST('/api/v1/auth/password', { body: { token, password } }),
    onSuccess: () => enter('/'),
  })
  const save = (event: FormEvent) => {
    event.preventDefault()
    saved.mutate()
  }
  return (
    <Loading query={link}>
      {({ email, name }) => (
        <form onSubmit={save} className="flex flex-col gap-4">
          <p className="text-ink-soft">{name ? `${name} · ${email}` : email}</p>
          {saved.error && <Notice tone="bad">{explain(saved.error)}</Notice>}
          <input type="hidden" autoComplete="username" value={email} readOnly />
          <Field
            label={t('password')}
            hint={t('passwordHint')}
            error={saved.error instanceof ApiError ? saved.error.field('password') : undefined}
          >
            <Input
              type="password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              autoComplete="new-password"
              minLength={8}
              required
            />
          </Field>
          <Button type="submit" variant="primary" busy={saved.isPending}>
            {t('setPassword')}
          </Button>
        </form>
      )}
    </Loading>
  )
}
