import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input, Select } from '@/components/ui/field'
import { Overlay } from '@/components/ui/overlay'
import { Notice } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { ApiError, api, explain } from '@/lib/api'
import { ChannelChoice } from './channel-choice'
import { DurationField } from './duration-field'
import { ObjectChoice } from './object-choice'
import { type Rule, type RuleSpec, rulesQuery } from './queries'
import { conditions, isCondition, sentenceOf } from './rule-words'

type Props = { edit: string | undefined; open: boolean; onClose: () => void }

/** Adds a rule, or changes the one named `edit`. */
export function RuleForm({ edit, open, onClose }: Props) {
  const { t } = useTranslation('alerts')
  const rule = useQuery(rulesQuery).data?.find(({ name }) => name === edit)
  const shown = open && (edit === undefined || rule !== undefined)
  return (
    <Overlay
      open={shown}
      onOpenChange={(next) => !next && onClose()}
      title={edit ? t('editRule', { name: edit }) : t('addRule')}
      description={t('ruleText')}
      shape="sheet"
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" form="rule-form" variant="primary">
            {edit ? t('save') : t('create')}
          </Button>
        </>
      }
    >
      {shown && <Form key={edit} rule={rule} onDone={onClose} />}
    </Overlay>
  )
}

function draftOf(rule: Rule | undefined): Required<RuleSpec> {
  return {
    when: 'provider_unhealthy',
    threshold: null,
    percentile: 95,
    window: '5m',
    minimum_requests: 20,
    only: [],
    hold: '0s',
    repeat: '4h',
    channels: [],
    enabled: true,
    ...rule?.spec,
    name: rule?.name ?? '',
  }
}

function Form({ rule, onDone }: { rule: Rule | undefined; onDone: () => void }) {
  const { t } = useTranslation('alerts')
  const client = useQueryClient()
  const toast = useToast()
  const [draft, setDraft] = useState(() => draftOf(rule))
  const set = (part: Partial<RuleSpec>) => setDraft((before) => ({ ...before, ...part }))
  const parts = conditions[draft.when]
  const saved = useMutation({
    mutationFn: async () => {
      if (rule) await api.PATCH('/api/v1/alerts/{id}', { params: { path: { id: rule.name } }, body: draft })
      else await api.POST('/api/v1/alerts', { body: draft })
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['alerts'] })
      toast.done(t('ruleSaved', { name: draft.name }))
      onDone()
    },
  })
  const wrong = (name: string) => (saved.error instanceof ApiError ? saved.error.field(name) : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saved.mutate()
  }
  const number = (name: 'threshold' | 'percentile' | 'minimum_requests', max?: number) => (
    <Input
      type="number"
      min={1}
      max={max}
      value={draft[name] ?? ''}
      placeholder={String(parts.threshold ?? '')}
      required={name !== 'threshold'}
      onChange={(event) => set({ [name]: event.target.value === '' ? null : Number(event.target.value) })}
    />
  )
  return (
    <form id="rule-form" onSubmit={submit} className="flex flex-col gap-5">
      {saved.error && <Notice tone="bad">{explain(saved.error)}</Notice>}
      <Field label={t('name')} hint={t('nameHint')} error={wrong('name')}>
        <Input
          value={draft.name}
          disabled={rule !== undefined}
          pattern="[a-z0-9][a-z0-9_\-]{0,99}"
          required
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <Field label={t('when')} error={wrong('when')}>
        <Select
          value={draft.when}
          onChange={({ target }) => isCondition(target.value) && set({ when: target.value, threshold: null })}
        >
          {Object.keys(conditions).map((when) => (
            <option key={when} value={when}>
              {t(`condition.${when}`)}
            </option>
          ))}
        </Select>
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        {parts.unit && (
          <Field label={t(`threshold.${parts.unit}`)} error={wrong('threshold')}>
            {number('threshold', parts.unit === 'percent' ? 100 : 3_600_000)}
          </Field>
        )}
        {draft.when === 'latency' && (
          <Field label={t('percentile')} hint={t('percentileHint')} error={wrong('percentile')}>
            {number('percentile', 99)}
          </Field>
        )}
        {parts.window && (
          <DurationField
            label={t('within')}
            value={draft.window}
            onChange={(window) => set({ window })}
            error={wrong('window')}
          />
        )}
        {parts.minimum && (
          <Field label={t('minimum')} hint={t('minimumHint')} error={wrong('minimum_requests')}>
            {number('minimum_requests')}
          </Field>
        )}
      </div>
      <Notice>{sentenceOf(draft, t)}.</Notice>
      {draft.when !== 'request_errors' && draft.when !== 'records_dropped' && (
        <ObjectChoice when={draft.when} value={draft.only} onChange={(only) => set({ only })} />
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <DurationField
          label={t('hold')}
          hint={t('holdHint')}
          value={draft.hold}
          onChange={(hold) => set({ hold })}
          error={wrong('hold')}
        />
        <DurationField
          label={t('repeat')}
          hint={t('repeatHint')}
          value={draft.repeat}
          onChange={(repeat) => set({ repeat })}
          error={wrong('repeat')}
        />
      </div>
      <ChannelChoice value={draft.channels} onChange={(channels) => set({ channels })} />
    </form>
  )
}
