import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { Notice } from '@/components/ui/surface'
import { explain } from '@/lib/api'

type Props<Got> = {
  text?: string
  action: string
  danger?: boolean
  submit: (code: string) => Promise<Got>
  onDone: (got: Got) => Promise<void>
  onCancel: () => void
}

/** Asks for a one-time code. */
export function CodeForm<Got>({ text, action, danger, submit, onDone, onCancel }: Props<Got>) {
  const { t } = useTranslation('account')
  const [code, setCode] = useState('')
  const sent = useMutation({ mutationFn: () => submit(code.trim()), onSuccess: onDone })
  const send = (event: FormEvent) => {
    event.preventDefault()
    sent.mutate()
  }
  return (
    <form onSubmit={send} className="flex flex-col gap-4">
      {text && <p className="text-ink-soft">{text}</p>}
      {sent.error && <Notice tone="bad">{explain(sent.error)}</Notice>}
      <Field label={t('code')} hint={t('codeHint')} className="max-w-64">
        <Input
          value={code}
          autoComplete="one-time-code"
          autoFocus
          required
          onChange={(event) => setCode(event.target.value)}
        />
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant={danger ? 'danger' : 'primary'} busy={sent.isPending}>
          {action}
        </Button>
        <Button onClick={onCancel}>{t('cancel')}</Button>
      </div>
    </form>
  )
}
