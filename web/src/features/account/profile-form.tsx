import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input, Select } from '@/components/ui/field'
import { Badge, Notice } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { languages, setLanguage } from '@/i18n'
import { ApiError, api, explain } from '@/lib/api'
import { formats } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import type { Me } from '@/lib/session'

const tags = { en: 'en', zh: 'zh-CN' }

/** Name, language and time zone. They also hold in this browser at once. */
export function ProfileForm({ me }: { me: Me }) {
  const { t, i18n } = useTranslation('account')
  const client = useQueryClient()
  const toast = useToast()
  const [, setZone] = useTimeZone()
  const [name, setName] = useState(me.name)
  const [language, setTag] = useState(me.language ?? '')
  const [zone, setChosen] = useState(me.time_zone ?? '')
  const [now] = useState(() => Date.now())
  const browsers = new Intl.DateTimeFormat().resolvedOptions().timeZone
  const zones = [
    ...new Set(['UTC', browsers, ...Intl.supportedValuesOf('timeZone'), ...(zone ? [zone] : [])]),
  ]
  const saved = useMutation({
    mutationFn: () => api.PATCH('/api/v1/auth/me', { body: { name, language, time_zone: zone } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['me'] })
      setZone(zone || undefined)
      if (language) await setLanguage(language.startsWith('zh') ? 'zh' : 'en')
      toast.done(t('saved'))
    },
  })
  const wrong = (field: string) => (saved.error instanceof ApiError ? saved.error.field(field) : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saved.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      {saved.error && <Notice tone="bad">{explain(saved.error)}</Notice>}
      <Field label={t('name')} error={wrong('name')}>
        <Input value={name} autoComplete="name" onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={t('language')} error={wrong('language')}>
        <Select value={language} onChange={(event) => setTag(event.target.value)}>
          <option value="">{t('asBrowser')}</option>
          <option value={tags.en}>{languages.en}</option>
          <option value={tags.zh}>{languages.zh}</option>
          {language && language !== tags.en && language !== tags.zh && <option>{language}</option>}
        </Select>
      </Field>
      <Field
        label={t('zone')}
        hint={t('zoneHint', { time: formats(i18n.language, zone || undefined).dateTime(now) })}
        error={wrong('time_zone')}
      >
        <Select value={zone} onChange={(event) => setChosen(event.target.value)}>
          <option value="">{t('asBrowserZone', { zone: browsers })}</option>
          {zones.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
      </Field>
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-ink-soft">{t('role')}</span>
        <Badge tone="brand">{t(`roles.${me.role}`)}</Badge>
        {me.groups.map((group) => (
          <Badge key={group.id}>{group.name}</Badge>
        ))}
      </div>
      <Button type="submit" variant="primary" busy={saved.isPending} className="self-start">
        {t('save')}
      </Button>
    </form>
  )
}
