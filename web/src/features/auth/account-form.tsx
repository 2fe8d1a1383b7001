import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { Notice } from '@/components/ui/surface'
import { ApiError, explain } from '@/lib/api'

export type NewAccount = { email: string; name: string; password: string }

type Props = {
  action: string
  submit: (account: NewAccount) => Promise<unknown>
  onDone: () => Promise<void>
}

/** Asks for what a new account needs: the first administrator's, or one's own. */
export function AccountForm({ action, submit, onDone }: Props) {
  const { t } = useTranslation('auth')
  const [account, setAccount] = useState<NewAccount>({ email: '', name: '', password: '' })
  const sent = useMutation({ mutationFn: () => submit(account), onSuccess: onDone })
  const field = (name: string) => (sent.error instanceof ApiError ? sent.error.field(name) : undefined)
  const set = (part: Partial<NewAccount>) => setAccount((before) => ({ ...before, ...part }))
  const send = (event: FormEvent) => {
    event.preventDefault()
    sent.mutate()
  }
  return (
    <form onSubmit={send} className="flex flex-col gap-4">
      {sent.error && <Notice tone="bad">{explain(sent.error)}</Notice>}
      <Field label={t('name')} error={field('name')}>
        <Input
          value={account.name}
          onChange={(event) => set({ name: event.target.value })}
          autoComplete="name"
        />
      </Field>
      <Field label={t('email')} error={field('email')}>
        <Input
          type="email"
          value={account.email}
          onChange={(event) => set({ email: event.target.value })}
          autoComplete="username"
          required
        />
      </Field>
      <Field label={t('password')} hint={t('passwordHint')} error={field('password')}>
        <Input
          type="password"
          value={account.password}
          onChange={(event) => set({ password: event.target.value })}
          autoComplete="new-password"
          minLength={8}
          required
        />
      </Field>
      <Button type="submit" variant="primary" busy={sent.isPending}>
        {action}
      </Button>
    </form>
  )
}
