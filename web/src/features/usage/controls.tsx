import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Select, Switch } from '@/components/ui/field'
import { Segments } from '@/components/ui/segments'
import { intervals } from '@/lib/time-range'
import type { Dimension } from '@/lib/usage'
import { type UsageSearch, filterOf, measures, offered } from './views'

type Props = {
  search: UsageSearch
  by: Dimension
  seesAll: boolean
  nameOf: (dimension: Dimension, name: string | null) => string
  onChange: (change: UsageSearch) => void
}

/** By what usage is summed, what is drawn, how finely, and what is filtered for. */
export function Controls({ search, by, seesAll, nameOf, onChange }: Props) {
  const { t } = useTranslation('usage')
  const choices = offered(search, seesAll)
  return (
    <div className="mb-4 flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Segments
          label={t('by')}
          items={choices.map((name) => ({ value: name, label: t(`dimensions.${name}`) }))}
          value={by}
          onChange={(chosen) => onChange({ by: choices.find((name) => name === chosen) })}
        />
        <Segments
          label={t('measure')}
          items={measures.map((name) => ({ value: name, label: t(`measures.${name}`) }))}
          value={search.measure ?? 'cost'}
          onChange={(chosen) => onChange({ measure: measures.find((name) => name === chosen) })}
        />
        <Select
          aria-label={t('interval')}
          className="w-auto min-w-36"
          value={search.interval ?? ''}
          onChange={(event) => onChange({ interval: event.target.value || undefined })}
        >
          <option value="">{t('intervals.auto')}</option>
          {intervals.map((name) => (
            <option key={name} value={name}>
              {t(`intervals.${name}`)}
            </option>
          ))}
        </Select>
        <label className="flex items-center gap-2">
          <Switch
            checked={search.compare === true}
            onCheckedChange={(on) => onChange({ compare: on || undefined })}
          />
          {t('compare')}
        </label>
      </div>
      <Chips search={search} nameOf={nameOf} onChange={onChange} />
    </div>
  )
}

function Chips({ search, nameOf, onChange }: Pick<Props, 'search' | 'nameOf' | 'onChange'>) {
  const { t } = useTranslation('usage')
  const set = Object.keys(filterOf(search))
  const names = offered({}, true).filter((name) => set.includes(name))
  if (names.length === 0) return null
  return (
    <ul aria-label={t('filters')} className="flex flex-wrap items-center gap-1.5">
      {names.map((name) => {
        const text = `${t(`dimensions.${name}`)}: ${nameOf(name, search[name] ?? null)}`
        return (
          <li
            key={name}
            className="bg-brand-soft text-brand flex max-w-full items-center gap-1 rounded-full py-0.5 pr-1 pl-2.5 text-xs font-medium"
          >
            <span className="truncate">{text}</span>
            <button
              type="button"
              aria-label={t('removeFilter', { filter: text })}
              onClick={() => onChange({ [name]: undefined })}
              className="hover:bg-brand/15 rounded-full p-1"
            >
              <X className="size-3" aria-hidden />
            </button>
          </li>
        )
      })}
      {names.length > 1 && (
        <li>
          <Button
            variant="ghost"
            size="sm"
            onClick={() => onChange(Object.fromEntries(names.map((name) => [name, undefined])))}
          >
            {t('clear')}
          </Button>
        </li>
      )}
    </ul>
  )
}
