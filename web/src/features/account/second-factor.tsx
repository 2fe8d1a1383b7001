import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { Badge, Notice, Panel } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { type Schema, api, body, explain } from '@/lib/api'
import type { Me } from '@/lib/session'
import { CodeForm } from './code-form'
import { Enrolment } from './enrolment'
import { RecoveryCodes } from './recovery-codes'

/** One-time codes at the login: switched on, renewed, taken away. */
export function SecondFactor({ me }: { me: Me }) {
  const { t } = useTranslation('account')
  const client = useQueryClient()
  const toast = useToast()
  const [codes, setCodes] = useState<string[]>()
  const [enrolment, setEnrolment] = useState<Schema<'Enrolment'>>()
  const [act, setAct] = useState<'renew' | 'remove'>()
  const reread = () => client.invalidateQueries({ queryKey: ['me'] })
  const told = async ({ recovery_codes }: Schema<'RecoveryCodes'>) => {
    setCodes(recovery_codes)
    setEnrolment(undefined)
    setAct(undefined)
    await reread()
  }
  const content = () => {
    if (codes) return <RecoveryCodes codes={codes} onDone={() => setCodes(undefined)} />
    if (enrolment)
      return <Enrolment enrolment={enrolment} onConfirmed={told} onCancel={() => setEnrolment(undefined)} />
    if (!me.second_factor) return <Begin me={me} onBegun={setEnrolment} />
    if (act === 'renew')
      return (
        <CodeForm
          text={t('renewText')}
          action={t('renew')}
          submit={(code) => body(api.POST('/api/v1/auth/me/totp/recovery-codes', { body: { code } }))}
          onDone={told}
          onCancel={() => setAct(undefined)}
        />
      )
    if (act === 'remove')
      return (
        <CodeForm
          text={t('removeText')}
          action={t('removeFactor')}
          danger
          submit={(code) => api.POST('/api/v1/auth/me/totp/remove', { body: { code } })}
          onDone={async () => {
            setAct(undefined)
            await reread()
            toast.done(t('factorRemoved'))
          }}
          onCancel={() => setAct(undefined)}
        />
      )
    return (
      <div className="flex flex-col gap-4">
        <p className="text-ink-soft">{t('factorOnText')}</p>
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setAct('renew')}>{t('renew')}</Button>
          <Button onClick={() => setAct('remove')}>{t('removeFactor')}</Button>
        </div>
      </div>
    )
  }
  return (
    <Panel
      title={t('factor')}
      actions={
        <Badge tone={me.second_factor ? 'good' : 'neutral'}>
          {me.second_factor ? t('factorOn') : t('factorOff')}
        </Badge>
      }
    >
      {content()}
    </Panel>
  )
}

function Begin({ me, onBegun }: { me: Me; onBegun: (enrolment: Schema<'Enrolment'>) => void }) {
  const { t } = useTranslation('account')
  const [password, setPassword] = useState('')
  const begun = useMutation({
    mutationFn: () =>
      body(api.POST('/api/v1/auth/me/totp', { body: { password: me.has_password ? password : null } })),
    onSuccess: onBegun,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    begun.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <p className="text-ink-soft">{t('factorText')}</p>
      {begun.error && <Notice tone="bad">{explain(begun.error)}</Notice>}
      {me.has_password && (
        <Field label={t('yourPassword')} hint={t('yourPasswordHint')}>
          <Input
            type="password"
            autoComplete="current-password"
            value={password}
            required
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
      )}
      <Button type="submit" variant="primary" busy={begun.isPending} className="self-start">
        {t('beginFactor')}
      </Button>
    </form>
  )
}
