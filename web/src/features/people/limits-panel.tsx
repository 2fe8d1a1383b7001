import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { Loading } from '@/components/ui/states'
import { Notice, Panel, Progress } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { ApiError, type Schema, explain } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { type Holder, type Limits, limitsQuery, putLimits } from './data'
import { limitFields, toLimits, toTexts } from './limits'

/** Limits and budgets, with how much of each is used. */
export function LimitsPanel({ holder }: { holder: Holder }) {
  const { t } = useTranslation('people')
  const query = useQuery(limitsQuery(holder))
  return (
    <Panel title={t('limits.title')}>
      <p className="text-ink-soft mb-4">{t(`limits.${holder.kind}`)}</p>
      <Loading query={query}>
        {({ limits, usage }) => (
          <LimitsForm key={JSON.stringify(limits)} holder={holder} limits={limits} usage={usage} />
        )}
      </Loading>
    </Panel>
  )
}

type FormProps = { holder: Holder; limits: Limits; usage: Schema<'ShownUsage'> }

function LimitsForm({ holder, limits, usage }: FormProps) {
  const { t } = useTranslation('people')
  const format = useFormat()
  const mayWrite = useMay()('users.write')
  const toast = useToast()
  const queryClient = useQueryClient()
  const [texts, setTexts] = useState(() => toTexts(limits))
  const save = useMutation({
    mutationFn: (next: Limits) => putLimits(holder, next),
    onSuccess: async (_, next) => {
      await queryClient.invalidateQueries({ queryKey: limitsQuery(holder).queryKey })
      const before = next === limits ? undefined : { undo: () => save.mutate(limits) }
      toast.done(t('limits.saved'), before)
    },
  })
  const amount = (unit: string, value: number) =>
    unit === 'usd' ? format.money(value * 1e9) : format.number(value)
  const send = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(toLimits(texts))
  }
  const error = save.error
  return (
    <form onSubmit={send}>
      {error && (
        <Notice tone="bad" className="mb-4">
          {explain(error)}
        </Notice>
      )}
      <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2">
        {limitFields.map(({ name, unit, used }) => {
          const limit = limits[name]
          const spent = used?.(usage)
          return (
            <div key={name}>
              <Field
                label={t(`limits.fields.${name}`)}
                error={error instanceof ApiError ? error.field(name) : undefined}
                hint={spent === undefined ? undefined : t('limits.used', { amount: amount(unit, spent) })}
              >
                <Input
                  type="number"
                  inputMode="decimal"
                  min={unit === 'usd' ? 0 : 1}
                  step={unit === 'usd' ? 'any' : 1}
                  placeholder={t('limits.none')}
                  value={texts[name] ?? ''}
                  disabled={!mayWrite}
                  onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
                />
              </Field>
              {limit && spent !== undefined ? (
                <div className="mt-1.5">
                  <Progress value={spent / limit} label={t(`limits.fields.${name}`)} />
                </div>
              ) : null}
            </div>
          )
        })}
      </div>
      {mayWrite && (
        <Button type="submit" variant="primary" className="mt-4" busy={save.isPending}>
          {t('save')}
        </Button>
      )}
    </form>
  )
}
