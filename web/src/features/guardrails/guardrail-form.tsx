import { Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Segments } from '@/components/ui/segments'
import { Button } from '@/components/ui/button'
import { Field, Input, Select, Switch, Textarea } from '@/components/ui/field'
import { ApiError } from '@/lib/api'
import { type Draft, type Pattern, emptyPattern } from './draft'

type Props = {
  draft: Draft
  onChange: (draft: Draft) => void
  error: unknown
  fresh: boolean
  hasToken: boolean
}

export function GuardrailForm({ draft, onChange, error, fresh, hasToken }: Props) {
  const { t } = useTranslation('guardrails')
  const set = (part: Partial<Draft>) => onChange({ ...draft, ...part })
  const wrong = (name: string) => (error instanceof ApiError ? error.field(name) : undefined)
  return (
    <div className="flex flex-col gap-5">
      <Field label={t('name')} hint={t('nameHint')} error={wrong('name')}>
        <Input
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
          required
          disabled={!fresh}
        />
      </Field>
      <div>
        <Segments
          label={t('judge')}
          value={draft.judge}
          onChange={(judge) => {
            if (judge === 'patterns' || judge === 'moderation' || judge === 'endpoint') set({ judge })
          }}
          items={[
            { value: 'patterns', label: t('patterns') },
            { value: 'moderation', label: t('moderation') },
            { value: 'endpoint', label: t('endpoint') },
          ]}
        />
      </div>
      {draft.judge === 'patterns' && (
        <Patterns
          patterns={draft.patterns}
          onChange={(patterns) => set({ patterns })}
          error={wrong('patterns')}
        />
      )}
      {draft.judge === 'moderation' && (
        <>
          <Field label={t('model')} hint={t('modelHint')} error={wrong('model')}>
            <Input value={draft.model} onChange={(event) => set({ model: event.target.value })} required />
          </Field>
          <Field label={t('categories')} hint={t('categoriesHint')} error={wrong('categories')}>
            <Textarea
              value={draft.categories}
              onChange={(event) => set({ categories: event.target.value })}
            />
          </Field>
        </>
      )}
      {draft.judge === 'endpoint' && (
        <>
          <Field label={t('url')} error={wrong('url')}>
            <Input
              type="url"
              value={draft.url}
              onChange={(event) => set({ url: event.target.value })}
              required
            />
          </Field>
          <Field label={t('token')} hint={hasToken ? t('tokenKept') : t('tokenHint')} error={wrong('token')}>
            <Input
              type="password"
              autoComplete="off"
              value={draft.token}
              onChange={(event) => set({ token: event.target.value })}
            />
          </Field>
        </>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Toggle
          label={t('onRequest')}
          checked={draft.onRequest}
          onChange={(onRequest) => set({ onRequest })}
        />
        <Toggle label={t('onAnswer')} checked={draft.onAnswer} onChange={(onAnswer) => set({ onAnswer })} />
        <Toggle label={t('allTexts')} checked={draft.allTexts} onChange={(allTexts) => set({ allTexts })} />
        {draft.judge !== 'patterns' && (
          <Toggle
            label={t('allowOnError')}
            checked={draft.allowOnError}
            onChange={(allowOnError) => set({ allowOnError })}
          />
        )}
      </div>
      <Field label={t('accessKeys')} hint={t('accessKeysHint')} error={wrong('access_keys')}>
        <Textarea
          className="min-h-16"
          value={draft.accessKeys}
          onChange={(event) => set({ accessKeys: event.target.value })}
        />
      </Field>
      <Field label={t('message')} hint={t('messageHint')} error={wrong('message')}>
        <Input
          value={draft.message}
          onChange={(event) => set({ message: event.target.value })}
          maxLength={1000}
        />
      </Field>
    </div>
  )
}

function Toggle({
  label,
  checked,
  onChange,
}: {
  label: string
  checked: boolean
  onChange: (checked: boolean) => void
}) {
  return (
    <Field label={label} className="flex-row items-center justify-between">
      <Switch checked={checked} onCheckedChange={onChange} />
    </Field>
  )
}

function Patterns({
  patterns,
  onChange,
  error,
}: {
  patterns: Pattern[]
  onChange: (patterns: Pattern[]) => void
  error: string | undefined
}) {
  const { t } = useTranslation('guardrails')
  const set = (index: number, part: Partial<Pattern>) =>
    onChange(patterns.map((pattern, at) => (at === index ? { ...pattern, ...part } : pattern)))
  return (
    <div className="flex flex-col gap-3">
      {patterns.map((pattern, index) => (
        <div key={index} className="border-line flex flex-wrap items-center gap-2 rounded-md border p-2.5">
          <Input
            aria-label={t('pattern', { number: index + 1 })}
            className="basis-60 font-mono text-xs sm:flex-1"
            value={pattern.pattern}
            onChange={(event) => set(index, { pattern: event.target.value })}
            placeholder="\b1[3-9]\d{9}\b"
          />
          <Select
            aria-label={t('action', { number: index + 1 })}
            className="w-28"
            value={pattern.action}
            onChange={(event) => set(index, { action: event.target.value === 'block' ? 'block' : 'mask' })}
          >
            <option value="mask">{t('mask')}</option>
            <option value="block">{t('block')}</option>
          </Select>
          {pattern.action === 'mask' && (
            <Input
              aria-label={t('replacement', { number: index + 1 })}
              className="w-28"
              value={pattern.replacement}
              onChange={(event) => set(index, { replacement: event.target.value })}
              placeholder="***"
            />
          )}
          <Button
            variant="ghost"
            size="icon"
            aria-label={t('removePattern', { number: index + 1 })}
            onClick={() => onChange(patterns.filter((_, at) => at !== index))}
          >
            <Trash2 />
          </Button>
        </div>
      ))}
      {error && (
        <p role="alert" className="text-bad text-xs">
          {error}
        </p>
      )}
      <Button className="self-start" size="sm" onClick={() => onChange([...patterns, emptyPattern])}>
        <Plus /> {t('addPattern')}
      </Button>
      <p className="text-ink-faint text-xs">{t('patternsHint')}</p>
    </div>
  )
}
