import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ExternalLink } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Preset } from '@/components/providers/presets'
import { ProviderLogo } from '@/components/providers/provider-logo'
import { Button } from '@/components/ui/button'
import { Field, Input, Select, Textarea } from '@/components/ui/field'
import { Notice } from '@/components/ui/surface'
import { ApiError, api, body, explain } from '@/lib/api'
import { type Connection, empty, freeName, specOf } from './connect'
import { providersQuery, useRefresh } from './queries'
import { asBody } from './spec'

type Props = {
  preset: Preset
  /** The provider that was made by this form before, to be mended. */
  made?: string | undefined
  onBack: () => void
  onDone: (name: string) => void
}

/** Address and keys of a new provider: nothing else is needed to begin. */
export function ConnectForm({ preset, made, onBack, onDone }: Props) {
  const { t } = useTranslation('providers')
  const taken = useQuery(providersQuery).data?.items.map(({ name }) => name) ?? []
  const [connection, setConnection] = useState<Connection>({
    ...empty,
    url: preset.endpoints[0]?.url ?? '',
    api_version: '',
    region: preset.asks?.includes('region') ? 'us-east-1' : '',
    location: preset.asks?.includes('location') ? 'global' : '',
  })
  const [stored, setStored] = useState(made)
  const refresh = useRefresh()
  const client = useQueryClient()
  const set = (part: Partial<Connection>) => setConnection((before) => ({ ...before, ...part }))
  const name = stored ?? (connection.name.trim() || freeName(preset, taken))
  const sent = useMutation({
    mutationFn: async () => {
      const spec = specOf(preset, connection)
      const path = { params: { path: { id: name } } }
      // A key that was refused is mended without adding the provider twice.
      if (stored) await body(api.PATCH('/api/v1/providers/{id}', { ...path, body: asBody(spec) }))
      else await body(api.POST('/api/v1/providers', { body: asBody({ name, ...spec }) }))
      setStored(name)
      if (connection.keys.trim()) {
        await api.POST('/api/v1/providers/{id}/keys', { ...path, body: { text: connection.keys } })
        // The key that was refused before is still there: tested, it is set aside, and not asked with in turn.
        if (stored) {
          await api.POST('/api/v1/providers/{id}/keys/batch', {
            ...path,
            body: { action: 'test', filter: {} },
          })
        }
      }
      client.removeQueries({ queryKey: ['provider-check', name] })
      await refresh()
    },
    onSuccess: () => onDone(name),
  })
  const wrong = (field: string) => (sent.error instanceof ApiError ? sent.error.field(field) : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    sent.mutate()
  }
  const endpoint = preset.endpoints.find(({ url }) => url === connection.url)
  const keysAt = endpoint?.keys ?? preset.endpoints[0]?.keys ?? preset.keys
  const cloud = preset.kind === 'bedrock' || preset.kind === 'vertex'
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <div className="flex items-center gap-3">
        <ProviderLogo mark={preset.id} className="size-10" />
        <div className="min-w-0">
          <h3 className="font-semibold">{t(`presets.${preset.id}`)}</h3>
          {keysAt && (
            <a
              href={keysAt}
              target="_blank"
              rel="noreferrer"
              className="text-brand inline-flex items-center gap-1 hover:underline"
            >
              {t('getKey')} <ExternalLink className="size-3.5" aria-hidden />
            </a>
          )}
        </div>
      </div>
      {sent.error && <Notice tone="bad">{explain(sent.error)}</Notice>}
      {preset.endpoints.length > 1 && (
        <Field label={t('regionOf')} hint={t('regionHint')}>
          <Select value={connection.url} onChange={(event) => set({ url: event.target.value })}>
            {preset.endpoints.map(({ region, url }) => (
              <option key={url} value={url}>
                {t(`regions.${region}`)}
              </option>
            ))}
            {!endpoint && <option value={connection.url}>{t('regions.own')}</option>}
          </Select>
        </Field>
      )}
      {preset.asks?.map((asked) => (
        <Field key={asked} label={t(`asks.${asked}`)} hint={t(`asks.${asked}_hint`)} error={wrong(asked)}>
          <Input value={connection[asked]} onChange={(event) => set({ [asked]: event.target.value })} />
        </Field>
      ))}
      <Field
        label={t(preset.needsKey === false ? 'keysOptional' : 'keys')}
        hint={t(cloud ? `keysHint_${preset.kind}` : 'keysHint')}
        error={wrong('text')}
      >
        <Textarea
          className="min-h-20 font-mono text-xs"
          spellCheck={false}
          autoComplete="off"
          autoFocus={preset.endpoints.length > 0}
          required={preset.needsKey !== false && !stored}
          placeholder={cloud ? '' : 'sk-…'}
          value={connection.keys}
          onChange={(event) => set({ keys: event.target.value })}
        />
      </Field>
      {preset.listsModels === false && (
        <Field label={t('models')} hint={t('modelsHint')} error={wrong('models')}>
          <Textarea
            className="font-mono text-xs"
            required
            value={connection.models}
            onChange={(event) => set({ models: event.target.value })}
          />
        </Field>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        {!cloud && (
          <Field label={t('baseUrl')} error={wrong('base_url')}>
            <Input
              type="url"
              value={connection.url}
              required={preset.endpoints.length === 0}
              placeholder={preset.example}
              onChange={(event) => set({ url: event.target.value })}
            />
          </Field>
        )}
        <Field label={t('name')} hint={t('nameHint')} error={wrong('name')}>
          <Input
            value={stored ?? connection.name}
            disabled={stored !== undefined}
            placeholder={name}
            pattern="[a-z0-9_\-]+"
            maxLength={100}
            onChange={(event) => set({ name: event.target.value })}
          />
        </Field>
      </div>
      <div className="flex justify-between gap-2">
        <Button onClick={onBack}>{t('back')}</Button>
        <Button type="submit" variant="primary" busy={sent.isPending}>
          {t('connect')}
        </Button>
      </div>
    </form>
  )
}
