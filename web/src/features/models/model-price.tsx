import { useMutation, useQuery } from '@tanstack/react-query'
import { ExternalLink } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/states'
import { Facts, Notice } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { api } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { useDoneWithUndo } from '@/lib/undo'
import { overrideOf, overridesQuery } from './overrides'
import { PriceForm } from './price-form'
import { type Model, priceKey, pricesQuery } from './queries'
import { readSource } from './source'
import { useRefreshFacts } from './use-refresh-facts'

/** What a model costs, who says so, and a better word where there is one. */
export function ModelPrice({ model }: { model: Model }) {
  const { t } = useTranslation('models')
  const format = useFormat()
  const may = useMay()
  const toast = useToast()
  const doneWithUndo = useDoneWithUndo()
  const refresh = useRefreshFacts()
  const [editing, setEditing] = useState(false)
  const prices = useQuery(pricesQuery)
  const overrides = useQuery(overridesQuery)
  const remove = useMutation({
    mutationFn: (id: string) => api.DELETE('/api/v1/catalogue/{id}', { params: { path: { id } } }),
    onSuccess: async () => {
      await refresh()
      await doneWithUndo(t('price.removed'))
    },
    onError: (error) => toast.failed(error),
  })
  if (!prices.data || !overrides.data) return <Skeleton className="h-16" />
  const price = prices.data.get(priceKey(model.provider, model.name))
  const override = overrideOf(model, overrides.data)
  if (editing)
    return <PriceForm model={model} price={price} override={override} close={() => setEditing(false)} />
  const source = readSource(price?.source)
  const amounts = Object.entries(price?.amounts ?? {})
  const money = (kind: string, usd: number) =>
    t(kind === 'per_request' ? 'price.each' : 'price.perMillion', { price: format.money(usd * 1e9) })
  return (
    <div className="flex flex-col gap-3">
      {price === null && <Notice tone="warn">{t('price.unknown')}</Notice>}
      {price === undefined && <p className="text-ink-soft">{t('price.notServed')}</p>}
      {amounts.length > 0 && (
        <Facts items={amounts.map(([kind, usd]) => [t(`price.kinds.${kind}`), money(kind, usd)])} />
      )}
      {price && Object.keys(price.special).length > 0 && (
        <p className="text-ink-faint text-xs">{t('price.special')}</p>
      )}
      {price && (
        <p className="text-ink-faint text-xs">
          {t(source.own ? 'price.ownSource' : 'price.source')}{' '}
          {source.links.map((link) => (
            <a key={link} href={link} target="_blank" rel="noreferrer" className="text-brand hover:underline">
              {new URL(link).hostname} <ExternalLink className="inline size-3" aria-hidden />
            </a>
          ))}
          {source.month && `, ${source.month}`}
        </p>
      )}
      {override && !override.editable && <Notice tone="neutral">{t('declared')}</Notice>}
      {may('models.write') && (override?.editable ?? true) && (
        <div className="flex flex-wrap gap-2">
          <Button size="sm" onClick={() => setEditing(true)}>
            {t(override ? 'price.change' : 'price.override')}
          </Button>
          {override && (
            <Button
              size="sm"
              variant="ghost"
              busy={remove.isPending}
              onClick={() => remove.mutate(override.id)}
            >
              {t('price.remove')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
