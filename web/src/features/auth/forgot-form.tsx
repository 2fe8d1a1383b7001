import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { Notice } from '@/components/ui/surface'
import { api, explain } from '@/lib/api'

export function ForgotForm() {
  const { t } = useTranslation('auth')
  const [email, setEmail] = useState('')
  const sent = useMutation({
    mutationFn: () => api.POST('/api/v1/auth/forgot-password', { body: { email } }),
  })
  if (sent.isSuccess) return <Notice tone="good">{t('forgotSent')}</Notice>
  const send = (event: FormEvent) => {
    event.preventDefault()
    sent.mutate()
  }
  return (
    <form onSubmit={send} className="flex flex-col gap-4">
      {sent.error && <Notice tone="bad">{explain(sent.error)}</Notice>}
      <Field label={t('email')}>
        <Input
          type="email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          autoComplete="username"
          required
        />
      </Field>
      <Button type="submit" variant="primary" busy={sent.isPending}>
        {t('forgotSend')}
      </Button>
    </form>
  )
}
