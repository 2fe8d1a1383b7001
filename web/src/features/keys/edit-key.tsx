import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input, Switch, Textarea } from '@/components/ui/field'
import { Overlay } from '@/components/ui/overlay'
import { Loading } from '@/components/ui/states'
import { Badge, Facts, Notice } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { ApiError, api, body, explain } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { tones } from './key-columns'
import { type Key, keyQuery, useKeyChanges } from './queries'

type Props = { id: string; onClose: () => void }

/** All that is known of a key, and what people say of it. */
export function EditKey({ id, onClose }: Props) {
  const { t } = useTranslation('keys')
  const key = useQuery(keyQuery(id))
  return (
    <Overlay
      open
      onOpenChange={(open) => !open && onClose()}
      shape="sheet"
      title={<span className="font-mono">{key.data?.masked_key ?? t('key')}</span>}
    >
      <Loading query={key}>
        {(found) => (
          <div className="flex flex-col gap-5">
            <KeyFacts row={found} />
            <KeyForm key={found.updated_at} row={found} onClose={onClose} />
          </div>
        )}
      </Loading>
    </Overlay>
  )
}

function KeyFacts({ row }: { row: Key }) {
  const { t } = useTranslation('keys')
  const format = useFormat()
  const { used } = row
  return (
    <Facts
      items={[
        [t('provider'), row.provider],
        [
          t('status'),
          <span key="status">
            <Badge tone={tones[row.status] ?? 'neutral'}>{t(`states.${row.status}`)}</Badge>{' '}
            {row.cooling_until && t('until', { time: format.dateTime(row.cooling_until) })}
          </span>,
        ],
        [t('failures'), format.number(row.failures)],
        [t('lastError'), row.last_error ?? t('none')],
        [t('inFlight'), format.number(row.in_flight)],
        [
          t('used'),
          used
            ? t('usedText', {
                minute: format.number(used.requests_last_minute),
                today: format.number(used.requests_today),
                tokens: format.number(used.tokens_last_minute),
              })
            : '–',
        ],
        [t('createdAt'), format.dateTime(row.created_at)],
        [
          t('hash'),
          <code key="hash" className="text-xs break-all">
            {row.hash}
          </code>,
        ],
      ]}
    />
  )
}

const limitNames = [
  'requests_per_minute',
  'tokens_per_minute',
  'requests_per_day',
  'concurrent',
] satisfies (keyof Key['limits'])[]

function KeyForm({ row, onClose }: { row: Key; onClose: () => void }) {
  const { t } = useTranslation('keys')
  const toast = useToast()
  const mayDo = useMay()
  const title = useId()
  const changes = useKeyChanges(row.provider)
  const [enabled, setEnabled] = useState(row.enabled)
  const [note, setNote] = useState(row.note)
  const [tags, setTags] = useState(row.tags.join(', '))
  const [weight, setWeight] = useState(String(row.weight))
  const [proxy, setProxy] = useState(row.proxy ?? '')
  const [limits, setLimits] = useState(() =>
    Object.fromEntries(limitNames.map((name) => [name, String(row.limits[name] ?? '')])),
  )
  const saved = useMutation({
    mutationFn: () =>
      body(
        api.PATCH('/api/v1/provider-keys/{id}', {
          params: { path: { id: row.id } },
          body: row.declared
            ? { enabled }
            : {
                enabled,
                note,
                tags: tags.split(/[,;\s]+/).filter(Boolean),
                weight: Number(weight),
                // The proxy is shown without its user: sent only when it was changed.
                ...(proxy === (row.proxy ?? '') ? {} : { proxy: proxy || null }),
                limits: Object.fromEntries(
                  limitNames.map((name) => [name, limits[name] ? Number(limits[name]) : null]),
                ),
              },
        }),
      ),
    onSuccess: (next) => {
      changes.one(next)
      toast.done(t('saved', { key: next.masked_key }))
      onClose()
    },
  })
  const wrong = (name: string) => (saved.error instanceof ApiError ? saved.error.field(name) : undefined)
  const locked = row.declared || !mayDo('keys.write')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saved.mutate()
  }
  return (
    <form onSubmit={submit} className="border-line flex flex-col gap-4 border-t pt-4" aria-labelledby={title}>
      <h3 id={title} className="font-semibold">
        {t('settings')}
      </h3>
      {row.declared && <Notice tone="neutral">{t('declaredText')}</Notice>}
      {saved.error && <Notice tone="bad">{explain(saved.error)}</Notice>}
      <Field label={t('inUse')}>
        <Switch checked={enabled} disabled={!mayDo('keys.write')} onCheckedChange={setEnabled} />
      </Field>
      <Field label={t('note')} error={wrong('note')}>
        <Textarea
          className="min-h-16"
          maxLength={500}
          value={note}
          disabled={locked}
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('tags')} hint={t('tagsHint')} error={wrong('tags')}>
          <Input value={tags} disabled={locked} onChange={(event) => setTags(event.target.value)} />
        </Field>
        <Field label={t('weight')} hint={t('weightHint')} error={wrong('weight')}>
          <Input
            type="number"
            min={0}
            max={1000}
            required
            value={weight}
            disabled={locked}
            onChange={(event) => setWeight(event.target.value)}
          />
        </Field>
        {limitNames.map((name) => (
          <Field key={name} label={t(`limits.${name}`)} error={wrong(name)}>
            <Input
              type="number"
              min={0}
              value={limits[name]}
              placeholder={t('asProvider')}
              disabled={locked}
              onChange={(event) => setLimits((before) => ({ ...before, [name]: event.target.value }))}
            />
          </Field>
        ))}
      </div>
      <Field label={t('proxy')} hint={t('proxyHint')} error={wrong('proxy')}>
        <Input
          value={proxy}
          autoComplete="off"
          placeholder="socks5://user:password@10.0.0.7:1080"
          disabled={locked}
          onChange={(event) => setProxy(event.target.value)}
        />
      </Field>
      {mayDo('keys.write') && (
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="primary" busy={saved.isPending}>
            {t('save')}
          </Button>
        </div>
      )}
    </form>
  )
}
