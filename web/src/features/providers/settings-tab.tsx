import { useMutation } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { kinds } from '@/components/providers/presets'
import { Button } from '@/components/ui/button'
import { Checkbox, Field, Input, Select } from '@/components/ui/field'
import { Card, Notice, Panel } from '@/components/ui/surface'
import { ApiError, api, body, explain } from '@/lib/api'
import { useMay } from '@/lib/session'
import { useDoneWithUndo } from '@/lib/undo'
import { DraftError, draftOf, patchOf } from './draft'
import { useRefresh } from './queries'
import { Addresses } from './settings-addresses'
import { type Form, Settings } from './settings-fields'
import { type Provider, asBody, readSpec } from './spec'

const special: Record<string, string[]> = {
  azure: ['api_version'],
  bedrock: ['region'],
  vertex: ['location', 'project'],
}

const sections: [string, string[]][] = [
  ['headers', ['headers', 'remove_headers', 'forward_headers']],
  ['timeouts', ['timeouts.connect', 'timeouts.first_byte', 'timeouts.idle', 'timeouts.total']],
  [
    'key_limits',
    [
      'key_limits.requests_per_minute',
      'key_limits.tokens_per_minute',
      'key_limits.requests_per_day',
      'key_limits.concurrent',
    ],
  ],
  [
    'failures',
    [
      'failures.threshold',
      'failures.cumulative',
      'cooldowns.rate_limit',
      'cooldowns.rate_limit_max',
      'cooldowns.quota',
    ],
  ],
  ['probes', ['probes.interval', 'probes.timeout', 'probes.concurrency', 'probes.model']],
  ['body', ['body.set', 'body.remove', 'dialects', 'discovery_interval']],
  ['capture', ['capture.request', 'capture.response', 'capture.max_bytes']],
]

/** All settings of a provider: the plain ones first, the others folded away. */
export function SettingsTab({ provider }: { provider: Provider }) {
  const { t } = useTranslation('providers')
  const mayDo = useMay()
  const refresh = useRefresh()
  const done = useDoneWithUndo()
  const spec = readSpec(provider)
  const [draft, setDraft] = useState(() => draftOf(spec))
  const [dirty, setDirty] = useState(false)
  const locked = !provider.editable || !mayDo('providers.write')
  const change = (part: Partial<typeof draft>) => {
    setDirty(true)
    setDraft((before) => ({ ...before, ...part }))
  }
  const { name } = provider
  const saved = useMutation({
    mutationFn: async () =>
      body(
        api.PATCH('/api/v1/providers/{id}', {
          params: { path: { id: name } },
          body: asBody(patchOf(spec, draft)),
        }),
      ),
    onSuccess: (next) => {
      setDraft(draftOf(readSpec(next)))
      setDirty(false)
      void refresh()
      void done(t('saved', { name }))
    },
  })
  const form: Form = {
    texts: draft.texts,
    set: (path, text) => change({ texts: { ...draft.texts, [path]: text } }),
    wrong: (path) => {
      if (saved.error instanceof DraftError && saved.error.path === path) return t('notJson')
      return saved.error instanceof ApiError ? saved.error.field(path) : undefined
    },
    locked,
  }
  const reset = () => {
    setDraft(draftOf(spec))
    setDirty(false)
    saved.reset()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saved.mutate()
  }
  const proxySet = provider.secrets.includes('/proxy')
  return (
    <form onSubmit={submit} className="flex max-w-4xl flex-col gap-4">
      {saved.error && !(saved.error instanceof DraftError) && (
        <Notice tone="bad">{explain(saved.error)}</Notice>
      )}
      <Panel title={t('basics')}>
        <div className="flex flex-col gap-4">
          <Field label={t('kind')} hint={t('kindHint')} error={form.wrong('kind')}>
            <Select
              value={draft.texts.kind ?? ''}
              disabled={locked}
              onChange={(event) => form.set('kind', event.target.value)}
            >
              <option value="">{t('kindByAddress')}</option>
              {provider.kind === 'demo' && <option value="demo">{t('kinds.demo')}</option>}
              {kinds.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`kinds.${kind}`)}
                </option>
              ))}
            </Select>
          </Field>
          <Addresses
            addresses={draft.addresses}
            onChange={(addresses) => change({ addresses })}
            error={form.wrong('base_url') ?? form.wrong('base_urls') ?? form.wrong('url')}
            locked={locked}
          />
          <Settings
            form={form}
            paths={[...(special[provider.kind ?? ''] ?? []), 'tier', 'weight', 'models']}
          />
        </div>
      </Panel>
      <details className="group">
        <summary className="text-ink-soft hover:text-ink flex list-none items-center gap-1.5 py-1 font-medium">
          <ChevronRight className="size-4 transition-transform group-open:rotate-90" aria-hidden />
          {t('advanced')}
        </summary>
        <div className="mt-3 flex flex-col gap-4">
          <Panel title={t('sections.proxy')}>
            <Field
              label={t('proxy')}
              hint={t(proxySet ? 'proxyKept' : 'proxyHint')}
              error={form.wrong('proxy')}
            >
              <Input
                value={draft.proxy}
                disabled={locked || draft.dropProxy}
                autoComplete="off"
                placeholder="socks5://user:password@10.0.0.1:1080"
                onChange={(event) => change({ proxy: event.target.value })}
              />
            </Field>
            {proxySet && (
              <label className="mt-3 flex items-center gap-2">
                <Checkbox
                  checked={draft.dropProxy}
                  disabled={locked}
                  onCheckedChange={(on) => change({ dropProxy: on === true })}
                />
                {t('proxyDrop')}
              </label>
            )}
          </Panel>
          {sections.map(([section, paths]) => (
            <Panel key={section} title={t(`sections.${section}`)}>
              <Settings form={form} paths={paths} />
            </Panel>
          ))}
        </div>
      </details>
      {!locked && (
        <Card className="sticky bottom-3 z-10 flex flex-wrap items-center justify-end gap-2 p-3 shadow-md">
          <span className="text-ink-soft flex-1">{t(dirty ? 'unsaved' : 'allSaved')}</span>
          <Button disabled={!dirty} onClick={reset}>
            {t('discard')}
          </Button>
          <Button type="submit" variant="primary" disabled={!dirty} busy={saved.isPending}>
            {t('save')}
          </Button>
        </Card>
      )}
    </form>
  )
}
