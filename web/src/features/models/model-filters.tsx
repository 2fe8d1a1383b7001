import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Select } from '@/components/ui/field'
import { SearchInput } from '@/components/search-input'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/format'
import { useProviderNames } from '@/lib/provider-names'
import { type Filter, type Status, countsQuery, status as statusShape } from './queries'

type Props = { filter: Filter; onChange: (part: Filter) => void }

/** How many there are of each status, and what to look for. */
export function ModelFilters({ filter, onChange }: Props) {
  const { t } = useTranslation('models')
  const format = useFormat()
  const providers = useProviderNames()
  const counts = useQuery(countsQuery(filter))
  const views: (Status | undefined)[] = [undefined, ...statusShape.options]
  return (
    <div className="border-line flex flex-wrap items-center gap-2 border-b p-3">
      <div role="group" aria-label={t('status')} className="flex max-w-full gap-1 overflow-x-auto">
        {views.map((view) => (
          <button
            key={view ?? 'all'}
            type="button"
            aria-pressed={filter.status === view}
            className={cn(
              'hover:bg-sunken flex h-9 items-center gap-1.5 rounded-md px-2.5 whitespace-nowrap',
              filter.status === view ? 'bg-brand-soft text-brand font-medium' : 'text-ink-soft',
            )}
            onClick={() => onChange({ status: view })}
          >
            {view ? t(`statuses.${view}`) : t('all')}
            <span className={cn('text-xs tabular-nums', filter.status !== view && 'text-ink-faint')}>
              {counts.data ? format.number(counts.data[view ?? 'all']) : '…'}
            </span>
          </button>
        ))}
      </div>
      <div className="flex min-w-0 flex-1 flex-wrap justify-end gap-2">
        <SearchInput
          label={t('searchModels')}
          value={filter.q ?? ''}
          onChange={(q) => onChange({ q: q || undefined })}
          className="min-w-40 flex-1 sm:max-w-72"
        />
        {providers.length > 0 && (
          <Select
            aria-label={t('provider')}
            className="w-auto min-w-36 max-sm:flex-1"
            value={filter.provider ?? ''}
            onChange={(event) => onChange({ provider: event.target.value || undefined })}
          >
            <option value="">{t('allProviders')}</option>
            {providers.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </div>
    </div>
  )
}
