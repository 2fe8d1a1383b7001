import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input, Select } from '@/components/ui/field'
import { Overlay } from '@/components/ui/overlay'
import { Segments } from '@/components/ui/segments'
import { Notice } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { ApiError, api, explain } from '@/lib/api'
import { useTimeZone } from '@/lib/preferences'
import { useProviderNames } from '@/lib/provider-names'
import { fromLocal, lengthOf, toLocal } from '@/lib/time-range'
import { rulesQuery } from './queries'

type About = { alert: string | undefined; object: string | undefined }
type Props = About & { open: boolean; onClose: () => void }

/** Keeps people from being told something for a while. */
export function SilenceForm({ alert, object, open, onClose }: Props) {
  const { t } = useTranslation('alerts')
  return (
    <Overlay
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t('addSilence')}
      description={t('silenceText')}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" form="silence-form" variant="primary">
            {t('silence')}
          </Button>
        </>
      }
    >
      {open && <Form about={{ alert, object }} onDone={onClose} />}
    </Overlay>
  )
}

const lengths = ['1h', '4h', '1d', '7d']

function Form({ about, onDone }: { about: About; onDone: () => void }) {
  const { t } = useTranslation('alerts')
  const client = useQueryClient()
  const toast = useToast()
  const list = useId()
  const [zone] = useTimeZone()
  const rules = useQuery(rulesQuery).data ?? []
  const providers = useProviderNames()
  const [alert, setAlert] = useState(about.alert ?? '')
  const [object, setObject] = useState(about.object ?? '')
  const [reason, setReason] = useState('')
  const [length, setLength] = useState('4h')
  const [until, setUntil] = useState(() => toLocal(Date.now() + 86_400_000, zone))
  const saved = useMutation({
    mutationFn: () => {
      const end = length === 'until' ? fromLocal(until, zone) : Date.now() + lengthOf(length)
      const body = {
        alert: alert || null,
        object: object.trim() || null,
        reason,
        until: new Date(end).toISOString(),
      }
      return api.POST('/api/v1/alert-silences', { body })
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['alerts'] })
      toast.done(t('silenceSaved'))
      onDone()
    },
  })
  const wrong = (field: string) => (saved.error instanceof ApiError ? saved.error.field(field) : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saved.mutate()
  }
  return (
    <form id="silence-form" onSubmit={submit} className="flex flex-col gap-5">
      {saved.error && <Notice tone="bad">{explain(saved.error)}</Notice>}
      <Field label={t('rule')} error={wrong('alert')}>
        <Select value={alert} onChange={(event) => setAlert(event.target.value)}>
          <option value="">{t('everyAlert')}</option>
          {rules.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      </Field>
      <Field label={t('object')} hint={t('objectHint')} error={wrong('object')}>
        <Input
          value={object}
          list={list}
          placeholder={t('everyObject')}
          onChange={(event) => setObject(event.target.value)}
        />
        <datalist id={list}>
          {providers.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </Field>
      <div className="flex flex-col gap-2">
        <span className="font-medium" id={`${list}-length`}>
          {t('howLong')}
        </span>
        <Segments
          label={t('howLong')}
          value={length}
          onChange={setLength}
          items={[...lengths, 'until'].map((value) => ({ value, label: t(`silenceLength.${value}`) }))}
        />
        {length === 'until' && (
          <Input
            type="datetime-local"
            aria-labelledby={`${list}-length`}
            value={until}
            required
            onChange={(event) => setUntil(event.target.value)}
          />
        )}
        {wrong('until') && <p className="text-bad text-xs">{wrong('until')}</p>}
      </div>
      <Field label={t('why')} error={wrong('reason')}>
        <Input
          value={reason}
          placeholder={t('whyHint')}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
    </form>
  )
}
