import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input, Select } from '@/components/ui/field'
import { Notice } from '@/components/ui/surface'
import { ApiError, explain } from '@/lib/api'
import { useDoneWithUndo } from '@/lib/undo'
import { type Facts, type Override, factsOf, kinds, rareKinds, saveOverride } from './overrides'
import type { Model, Price } from './queries'
import { useRefreshFacts } from './use-refresh-facts'

type Props = {
  model: Model
  price: Price | null | undefined
  override: Override | undefined
  close: () => void
}

export function PriceForm({ model, price, override, close }: Props) {
  const { t } = useTranslation('models')
  const refresh = useRefreshFacts()
  const doneWithUndo = useDoneWithUndo()
  const [facts, setFacts] = useState<Facts>(() => factsOf(price, override))
  const save = useMutation({
    mutationFn: () => saveOverride(model, override, facts, price),
    onSuccess: async () => {
      close()
      await refresh()
      await doneWithUndo(t('price.saved'))
    },
  })
  const error = (field: string) => (save.error instanceof ApiError ? save.error.field(field) : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  const amount = (kind: string) => (
    <Field key={kind} label={t(`price.kinds.${kind}`)} error={error(kind)}>
      <Input
        type="number"
        min={0}
        step="any"
        inputMode="decimal"
        value={facts.prices[kind] ?? ''}
        onChange={(event) => setFacts({ ...facts, prices: { ...facts.prices, [kind]: event.target.value } })}
      />
    </Field>
  )
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {save.error && <Notice tone="bad">{explain(save.error)}</Notice>}
      <p className="text-ink-soft">{t('price.formText', { provider: model.provider })}</p>
      <div className="grid grid-cols-2 gap-3">{kinds.map(amount)}</div>
      <details>
        <summary className="text-ink-soft">{t('price.rare')}</summary>
        <div className="mt-3 grid grid-cols-2 gap-3">{rareKinds.map(amount)}</div>
      </details>
      <div className="grid grid-cols-2 gap-3">
        <Field label={t('contextTokens')} error={error('context_tokens')}>
          <Input
            type="number"
            min={1}
            value={facts.context}
            placeholder={t('asKnown')}
            onChange={(event) => setFacts({ ...facts, context: event.target.value })}
          />
        </Field>
        <Field label={t('maxOutput')} error={error('max_output_tokens')}>
          <Input
            type="number"
            min={1}
            value={facts.output}
            placeholder={t('asKnown')}
            onChange={(event) => setFacts({ ...facts, output: event.target.value })}
          />
        </Field>
        <Field label={t('tools')}>
          <Select
            value={facts.tools}
            onChange={({ target: { value } }) =>
              setFacts({ ...facts, tools: value === 'yes' || value === 'no' ? value : '' })
            }
          >
            <option value="">{t('asKnown')}</option>
            <option value="yes">{t('yes')}</option>
            <option value="no">{t('no')}</option>
          </Select>
        </Field>
      </div>
      <div className="flex justify-end gap-2">
        <Button onClick={close}>{t('cancel')}</Button>
        <Button type="submit" variant="primary" busy={save.isPending}>
          {t('save')}
        </Button>
      </div>
    </form>
  )
}
