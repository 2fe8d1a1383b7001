import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/format'
import { type AccessKey, type Budget, budgets } from './draft'

/** How much of each budget is used; `brief` shows only the fullest. */
export function BudgetBars({ of, brief }: { of: Pick<AccessKey, 'limits' | 'usage'>; brief?: boolean }) {
  const { t } = useTranslation('access-keys')
  const all = budgets(of).toSorted((one, other) => other.used / other.limit - one.used / one.limit)
  if (all.length === 0) return <span className="text-ink-faint">{t('noBudget')}</span>
  return (
    <div className="flex min-w-32 flex-col gap-3">
      {(brief ? all.slice(0, 1) : all).map((budget) => (
        <Bar key={budget.name} budget={budget} />
      ))}
    </div>
  )
}

function Bar({ budget }: { budget: Budget }) {
  const { t } = useTranslation('access-keys')
  const format = useFormat()
  const share = budget.limit > 0 ? Math.min(1, budget.used / budget.limit) : 1
  const written = (value: number) =>
    budget.unit === 'usd' ? format.money(value * 1e9) : format.compact(value)
  const text = t('usedOf', {
    used: written(budget.used),
    limit: written(budget.limit),
    what: t(`limit.${budget.name}`),
  })
  return (
    <div>
      <div className="text-ink-soft mb-1 truncate text-xs tabular-nums" title={text}>
        {text}
      </div>
      <div className="bg-sunken h-1.5 overflow-hidden rounded-full">
        <div
          className={cn('h-full rounded-full', share >= 1 ? 'bg-bad' : share >= 0.8 ? 'bg-warn' : 'bg-brand')}
          style={{ width: `${share * 100}%` }}
        />
      </div>
    </div>
  )
}
