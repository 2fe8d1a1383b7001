import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { Overlay } from '@/components/ui/overlay'
import { Segments } from '@/components/ui/segments'
import { Notice } from '@/components/ui/surface'
import { ApiError, api, body, explain } from '@/lib/api'
import { useTimeZone } from '@/lib/preferences'
import { fromLocal, toLocal } from '@/lib/time-range'
import type { FreshToken } from './queries'
import { ScopeChoice } from './scope-choice'

type Props = { open: boolean; onClose: () => void; onMade: (token: FreshToken) => void }

export function TokenForm({ open, onClose, onMade }: Props) {
  const { t } = useTranslation('tokens')
  return (
    <Overlay
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t('add')}
      description={t('formText')}
      shape="sheet"
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" form="token-form" variant="primary">
            {t('create')}
          </Button>
        </>
      }
    >
      {open && <Form onMade={onMade} />}
    </Overlay>
  )
}

const lives = ['30', '90', '365', 'other', 'never']

function Form({ onMade }: { onMade: (token: FreshToken) => void }) {
  const { t } = useTranslation('tokens')
  const client = useQueryClient()
  const [zone] = useTimeZone()
  const [name, setName] = useState('')
  const [life, setLife] = useState('90')
  const [until, setUntil] = useState(() => toLocal(Date.now() + 180 * 86_400_000, zone))
  const [scopes, setScopes] = useState<string[] | null>([])
  const made = useMutation({
    mutationFn: () => {
      const end = life === 'other' ? fromLocal(until, zone) : Date.now() + Number(life) * 86_400_000
      const expires_at = life === 'never' ? null : new Date(end).toISOString()
      return body(api.POST('/api/v1/tokens', { body: { name: name.trim(), scopes, expires_at } }))
    },
    onSuccess: async (token) => {
      await client.invalidateQueries({ queryKey: ['tokens'] })
      onMade(token)
    },
  })
  const wrong = (field: string) => (made.error instanceof ApiError ? made.error.field(field) : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    made.mutate()
  }
  return (
    <form id="token-form" onSubmit={submit} className="flex flex-col gap-5">
      {made.error && <Notice tone="bad">{explain(made.error)}</Notice>}
      <Field label={t('name')} hint={t('nameHint')} error={wrong('name')}>
        <Input
          value={name}
          maxLength={100}
          required
          autoFocus
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <div className="flex flex-col items-start gap-2">
        <span className="font-medium">{t('life')}</span>
        <Segments
          label={t('life')}
          value={life}
          onChange={setLife}
          items={lives.map((value) => ({ value, label: t(`lives.${value}`) }))}
        />
        {life === 'other' && (
          <Input
            type="datetime-local"
            aria-label={t('life')}
            className="w-64"
            value={until}
            required
            onChange={(event) => setUntil(event.target.value)}
          />
        )}
        {life === 'never' && <p className="text-warn text-xs">{t('neverText')}</p>}
        {wrong('expires_at') && <p className="text-bad text-xs">{wrong('expires_at')}</p>}
      </div>
      <ScopeChoice value={scopes} onChange={setScopes} error={wrong('scopes')} />
    </form>
  )
}
