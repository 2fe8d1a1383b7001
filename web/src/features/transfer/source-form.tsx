import { useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Checkbox, Field, Input, Select, Textarea } from '@/components/ui/field'
import { Notice, Panel } from '@/components/ui/surface'
import { api, body, explain } from '@/lib/api'
import { cn } from '@/lib/cn'
import { type Format, type Plan, formats, sources } from './data'

type Props = {
  format: Format
  onFormat: (format: Format) => void
  plan: Plan
  onPlan: (plan: Plan) => void
  onPreview: () => void
  busy: boolean
  error: unknown
}

/** What is imported, from where, and how. */
export function SourceForm({ format, onFormat, plan, onPlan, onPreview, busy, error }: Props) {
  const { t } = useTranslation('transfer')
  const set = (part: Partial<Plan>) => onPlan({ ...plan, ...part })
  const send = (event: FormEvent) => {
    event.preventDefault()
    onPreview()
  }
  return (
    <form onSubmit={send} className="flex flex-col gap-4">
      <fieldset>
        <legend className="mb-2 font-semibold">{t('from')}</legend>
        <div className="grid gap-2 sm:grid-cols-2 xl:grid-cols-3">
          {formats.options.map((option) => (
            <label
              key={option}
              className={cn(
                'bg-surface border-line hover:border-line-strong has-[:focus-visible]:outline-brand grid cursor-pointer grid-cols-[auto_1fr] items-start gap-x-2.5 rounded-lg border p-3 has-[:focus-visible]:outline-2',
                option === format && 'border-brand! bg-brand-soft',
              )}
            >
              <input
                type="radio"
                name="format"
                className="accent-brand mt-1"
                checked={option === format}
                onChange={() => onFormat(option)}
              />
              <span className="font-medium">{t(`formats.${key(option)}.name`)}</span>
              <span className="text-ink-soft col-start-2 text-xs">{t(`formats.${key(option)}.text`)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <Panel title={t(`formats.${key(format)}.name`)}>
        <div className="flex max-w-3xl flex-col gap-4">
          <SourceFields format={format} plan={plan} set={set} />
          <Field label={t('mode')} hint={t(`modes.${plan.mode}.text`)}>
            <Select
              value={plan.mode}
              onChange={(event) => set({ mode: event.target.value === 'replace' ? 'replace' : 'merge' })}
            >
              <option value="merge">{t('modes.merge.name')}</option>
              <option value="replace">{t('modes.replace.name')}</option>
            </Select>
          </Field>
          {error !== null && (
            <Notice tone="bad" className="break-words whitespace-pre-line">
              {explain(error)}
            </Notice>
          )}
          <div className="flex flex-wrap items-center gap-3">
            <Button type="submit" variant="primary" busy={busy}>
              {t('preview')}
            </Button>
            <span className="text-ink-faint text-xs">{t('previewHint')}</span>
          </div>
        </div>
      </Panel>
    </form>
  )
}

/** Dots divide the names of texts. */
export const key = (format: Format) => format.replace('.', '_')

type FieldsProps = { format: Format; plan: Plan; set: (part: Partial<Plan>) => void }

function SourceFields({ format, plan, set }: FieldsProps) {
  const { t } = useTranslation('transfer')
  const { ways, needs } = sources[format]
  return (
    <>
      {format === 'keys.txt' && <ProviderChoice plan={plan} set={set} />}
      {ways.length > 1 && (
        <Field label={t('way')}>
          <Select
            value={plan.way}
            onChange={(event) => set({ way: ways.find((way) => way === event.target.value) ?? plan.way })}
          >
            {ways.map((way) => (
              <option key={way} value={way}>
                {t(`ways.${way}`)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {plan.way === 'file' && (
        <Field label={t('file')} hint={t(`formats.${key(format)}.file`)}>
          <Input
            key={format}
            type="file"
            required
            className="py-1.5 file:mr-3"
            onChange={(event) => set({ file: event.target.files?.[0] })}
          />
        </Field>
      )}
      {plan.way === 'text' && (
        <Field label={t('pasted')} hint={t(`formats.${key(format)}.file`)}>
          <Textarea
            required
            spellCheck={false}
            className="min-h-48 font-mono text-xs"
            value={plan.text}
            onChange={(event) => set({ text: event.target.value })}
          />
        </Field>
      )}
      {plan.way === 'url' && (
        <Field label={t('address')} hint={t(`addressHints.${key(format)}`)}>
          <Input
            required
            spellCheck={false}
            autoComplete="off"
            className="font-mono"
            value={plan.url}
            onChange={(event) => set({ url: event.target.value })}
          />
        </Field>
      )}
      {needs.map((name) => (
        <Field key={name} label={t(`needs.${name}.name`)} hint={t(`needs.${name}.text`)}>
          <Input
            type="password"
            autoComplete="off"
            value={plan[name]}
            onChange={(event) => set({ [name]: event.target.value })}
          />
        </Field>
      ))}
      {format === 'roundhouse' && (
        <label className="flex items-start gap-2.5">
          <Checkbox
            className="mt-0.5"
            checked={plan.withoutSecrets}
            onCheckedChange={(on) => set({ withoutSecrets: on === true })}
          />
          {t('withoutSecrets')}
        </label>
      )}
    </>
  )
}

function ProviderChoice({ plan, set }: Omit<FieldsProps, 'format'>) {
  const { t } = useTranslation('transfer')
  const providers = useQuery({
    queryKey: ['providers', 'names'],
    queryFn: () => body(api.GET('/api/v1/providers')),
  })
  return (
    <Field label={t('provider')} hint={t('providerHint')}>
      <Input
        required
        list="providers-there"
        value={plan.provider}
        onChange={(event) => set({ provider: event.target.value })}
      />
      <datalist id="providers-there">
        {providers.data?.items.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </Field>
  )
}
