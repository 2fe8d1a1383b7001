import { useTranslation } from 'react-i18next'
import { Badge } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { type Model, type Price, priceKey } from './queries'

/** Dollars per million tokens, prompt / answer; models that are served without a known price are marked. */
export function PriceText({
  model,
  prices,
}: {
  model: Model
  prices: Map<string, Price | null> | undefined
}) {
  const { t } = useTranslation('models')
  const format = useFormat()
  const price = prices?.get(priceKey(model.provider, model.name))
  if (price === undefined) return <span className="text-ink-faint">–</span>
  if (price === null) return <Badge tone="warn">{t('noPrice')}</Badge>
  const { input, output, per_request: each } = price.amounts
  const money = (usd: number | undefined) => (usd === undefined ? '–' : format.money(usd * 1e9))
  if (input === undefined && output === undefined)
    return <span>{each === undefined ? t('priced') : t('perRequest', { price: money(each) })}</span>
  return (
    <span className="whitespace-nowrap">
      {money(input)} <span className="text-ink-faint">/</span> {money(output)}
    </span>
  )
}
