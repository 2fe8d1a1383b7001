import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/format'
import { countsQuery } from './queries'
import { statuses } from './search'

type Props = { provider: string; value: string | undefined; onChange: (value: string | undefined) => void }

/** The states of keys with how many are in each, to choose one. */
export function StateFilter({ provider, value, onChange }: Props) {
  const { t } = useTranslation('keys')
  const format = useFormat()
  const counts = useQuery(countsQuery(provider)).data
  const numbers: Record<string, number | undefined> = { ...counts }
  return (
    <div role="group" aria-label={t('status')} className="flex flex-wrap gap-1">
      {[undefined, ...statuses].map((status) => {
        const count = numbers[status ?? 'total']
        return (
          <button
            key={status ?? 'all'}
            type="button"
            aria-pressed={value === status}
            onClick={() => onChange(status)}
            className={cn(
              'text-ink-soft hover:bg-sunken h-8 rounded-md px-2.5 font-medium whitespace-nowrap',
              value === status && 'bg-brand-soft text-brand hover:bg-brand-soft',
            )}
          >
            {t(status ? `states.${status}` : 'all')}
            {count !== undefined && (
              <span className="ml-1.5 font-normal tabular-nums">{format.number(count)}</span>
            )}
          </button>
        )
      })}
    </div>
  )
}
