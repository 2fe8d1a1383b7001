import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input, Select, Textarea } from '@/components/ui/field'
import { Overlay } from '@/components/ui/overlay'
import { Notice } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { ApiError, api, explain } from '@/lib/api'
import { type Channel, type ChannelSpec, channelsQuery } from './queries'

type Props = { edit: string | undefined; open: boolean; onClose: () => void }

/** Adds a way to tell people, or changes the one named `edit`. */
export function ChannelForm({ edit, open, onClose }: Props) {
  const { t } = useTranslation('alerts')
  const channel = useQuery(channelsQuery).data?.find(({ name }) => name === edit)
  const shown = open && (edit === undefined || channel !== undefined)
  return (
    <Overlay
      open={shown}
      onOpenChange={(next) => !next && onClose()}
      title={edit ? t('editChannel', { name: edit }) : t('addChannel')}
      shape="sheet"
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" form="channel-form" variant="primary">
            {edit ? t('save') : t('create')}
          </Button>
        </>
      }
    >
      {shown && <Form key={edit} channel={channel} onDone={onClose} />}
    </Overlay>
  )
}

const kinds: ChannelSpec['kind'][] = ['webhook', 'email', 'slack', 'feishu', 'dingtalk', 'wecom']
const signing = new Set(['webhook', 'feishu', 'dingtalk'])

function Form({ channel, onDone }: { channel: Channel | undefined; onDone: () => void }) {
  const { t } = useTranslation('alerts')
  const client = useQueryClient()
  const toast = useToast()
  const [name, setName] = useState(channel?.name ?? '')
  const [kind, setKind] = useState(channel?.spec.kind ?? 'webhook')
  const [url, setUrl] = useState('')
  const [secret, setSecret] = useState('')
  const [to, setTo] = useState((channel?.spec.to ?? []).join('\n'))
  const [language, setLanguage] = useState(channel?.spec.language ?? 'en')
  const kept = (pointer: string) => channel?.spec.kind === kind && channel.secrets.includes(pointer)
  const saved = useMutation({
    mutationFn: async () => {
      const spec: ChannelSpec = { name, kind, language }
      if (kind === 'email') {
        spec.to = to.split(/[\s,;，；]+/).filter(Boolean)
        if (channel) Object.assign(spec, { url: null, secret: null })
      } else {
        if (channel) spec.to = []
        // What is left empty stays as it is.
        if (url) spec.url = url
        if (secret) spec.secret = secret
        else if (channel && !signing.has(kind)) spec.secret = null
      }
      if (!channel) await api.POST('/api/v1/alert-channels', { body: spec })
      else
        await api.PATCH('/api/v1/alert-channels/{id}', {
          params: { path: { id: channel.name } },
          body: spec,
        })
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['alerts'] })
      toast.done(t('channelSaved', { name }))
      onDone()
    },
  })
  const wrong = (field: string) => (saved.error instanceof ApiError ? saved.error.field(field) : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saved.mutate()
  }
  return (
    <form id="channel-form" onSubmit={submit} className="flex flex-col gap-5">
      {saved.error && <Notice tone="bad">{explain(saved.error)}</Notice>}
      <Field label={t('name')} hint={t('nameHint')} error={wrong('name')}>
        <Input
          value={name}
          disabled={channel !== undefined}
          pattern="[a-z0-9][a-z0-9_\-]{0,99}"
          required
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field label={t('channelKind')} hint={t(`kindHint.${kind}`)} error={wrong('kind')}>
        <Select
          value={kind}
          onChange={({ target }) => setKind(kinds.find((one) => one === target.value) ?? kind)}
        >
          {kinds.map((one) => (
            <option key={one} value={one}>
              {t(`kind.${one}`)}
            </option>
          ))}
        </Select>
      </Field>
      {kind === 'email' ? (
        <Field label={t('to')} hint={t('toHint')} error={wrong('to')}>
          <Textarea value={to} required onChange={(event) => setTo(event.target.value)} />
        </Field>
      ) : (
        <Field label={t('url')} hint={kept('/url') ? t('secretKept') : t('urlHint')} error={wrong('url')}>
          <Input
            type="url"
            value={url}
            placeholder={kept('/url') ? '••••••••' : 'https://'}
            required={!kept('/url')}
            autoComplete="off"
            onChange={(event) => setUrl(event.target.value)}
          />
        </Field>
      )}
      {signing.has(kind) && (
        <Field
          label={t('secret')}
          hint={kept('/secret') ? t('secretKept') : t('secretHint')}
          error={wrong('secret')}
        >
          <Input
            type="password"
            value={secret}
            placeholder={kept('/secret') ? '••••••••' : ''}
            autoComplete="new-password"
            onChange={(event) => setSecret(event.target.value)}
          />
        </Field>
      )}
      <Field label={t('messageLanguage')}>
        <Select value={language} onChange={({ target }) => setLanguage(target.value === 'zh' ? 'zh' : 'en')}>
          <option value="en">English</option>
          <option value="zh">简体中文</option>
        </Select>
      </Field>
    </form>
  )
}
