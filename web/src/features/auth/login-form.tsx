import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { Notice } from '@/components/ui/surface'
import { ApiError, api, body, explain } from '@/lib/api'
import { useEnter } from './use-enter'

/** Who has a second factor is asked for its code after the password. */
export function LoginForm({ to }: { to: string | undefined }) {
  const { t } = useTranslation('auth')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState<string>()
  const enter = useEnter()
  const methods = useQuery({ queryKey: ['methods'], queryFn: () => body(api.GET('/api/v1/auth/methods')) })
  const login = useMutation({
    mutationFn: () => body(api.POST('/api/v1/auth/login', { body: { email, password, code: code ?? null } })),
    onSuccess: () => enter(to),
    onError: (error) => {
      if (error instanceof ApiError && error.problem.code === 'totp_required') setCode('')
    },
  })
  const wantsCode = code !== undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    login.mutate()
  }
  const shown =
    login.error && !(login.error instanceof ApiError && login.error.problem.code === 'totp_required')
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {shown && <Notice tone="bad">{explain(login.error)}</Notice>}
      {wantsCode ? (
        <Field label={t('code')} hint={t('codeHint')}>
          <Input
            value={code}
            onChange={(event) => setCode(event.target.value)}
            autoComplete="one-time-code"
            inputMode="numeric"
            autoFocus
            required
          />
        </Field>
      ) : (
        <>
          <Field label={t('email')}>
            <Input
              type="email"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
              autoComplete="username"
              required
            />
          </Field>
          <Field label={t('password')}>
            <Input
              type="password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              autoComplete="current-password"
              required
            />
          </Field>
        </>
      )}
      <Button type="submit" variant="primary" busy={login.isPending}>
        {t('login')}
      </Button>
      {methods.data?.single_sign_on && (
        <Button asChild>
          <a href={`/api/v1/auth/oidc/start?return_to=${encodeURIComponent(to ?? '/')}`}>
            {methods.data.single_sign_on}
          </a>
        </Button>
      )}
      <div className="flex flex-wrap justify-between gap-2">
        {methods.data?.password_reset && (
          <Link to="/forgot-password" className="text-brand hover:underline">
            {t('forgot')}
          </Link>
        )}
        {methods.data?.registration && (
          <Link to="/register" className="text-brand hover:underline">
            {t('register')}
          </Link>
        )}
      </div>
    </form>
  )
}
