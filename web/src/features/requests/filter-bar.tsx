import { Filter, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TimeRangePicker } from '@/components/time-range'
import { Button } from '@/components/ui/button'
import { Field as Labelled, Input, Select } from '@/components/ui/field'
import { Popover } from '@/components/ui/menu'
import { useUserNames } from '@/lib/user-names'
import { FilterValue } from './filter-value'
import { type FieldName, type RequestsSearch, fallback, fields, outcomes, valueFrom } from './filters'

type Props = { search: RequestsSearch; onChange: (change: RequestsSearch) => void }

const presets = ['15m', '1h', '24h', '7d', '30d']

/** Which requests are shown: the time, the outcome, words of errors, and chips for all else. */
export function FilterBar({ search, onChange }: Props) {
  const { t } = useTranslation('requests')
  return (
    <div className="border-line flex flex-col gap-3 border-b p-3">
      <div className="flex flex-wrap items-center gap-2">
        <TimeRangePicker
          presets={presets}
          fallback={fallback}
          value={search}
          onChange={({ range, from, to }) => onChange({ range, from, to })}
        />
        <SearchBox key={String(search.error ?? '')} words={String(search.error ?? '')} onChange={onChange} />
        <Select
          aria-label={t('outcome')}
          className="w-auto min-w-32"
          value={search.outcome ?? ''}
          onChange={(event) => onChange({ outcome: event.target.value || undefined })}
        >
          <option value="">{t('anyOutcome')}</option>
          {outcomes.map((outcome) => (
            <option key={outcome} value={outcome}>
              {t(`outcomes.${outcome}`)}
            </option>
          ))}
        </Select>
        <AddFilter onAdd={onChange} />
      </div>
      <Chips search={search} onChange={onChange} />
    </div>
  )
}

function SearchBox({ words, onChange }: { words: string; onChange: Props['onChange'] }) {
  const { t } = useTranslation('requests')
  const [written, setWritten] = useState(words)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const text = written.trim()
    const isId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(text)
    onChange(isId ? { id: text, error: undefined, range: '30d' } : { error: text || undefined })
  }
  return (
    <form role="search" onSubmit={submit} className="min-w-48 flex-1">
      <Input
        type="search"
        aria-label={t('searchLabel')}
        placeholder={t('searchPlaceholder')}
        value={written}
        onChange={(event) => setWritten(event.target.value)}
        onBlur={submit}
      />
    </form>
  )
}

function AddFilter({ onAdd }: { onAdd: Props['onChange'] }) {
  const { t } = useTranslation('requests')
  const [open, setOpen] = useState(false)
  const [name, setName] = useState<FieldName>('model')
  const [written, setWritten] = useState('')
  const field = fields.find((field) => field.name === name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const value = field && valueFrom(field, field.kind === 'boolean' ? written || 'true' : written)
    if (value === undefined) return
    onAdd({ [name]: value })
    setWritten('')
    setOpen(false)
  }
  return (
    <Popover
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button>
          <Filter /> {t('addFilter')}
        </Button>
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-3">
        <Labelled label={t('field')}>
          <Select
            value={name}
            onChange={(event) => {
              setName(fields.find(({ name }) => name === event.target.value)?.name ?? 'model')
              setWritten('')
            }}
          >
            {fields.map(({ name }) => (
              <option key={name} value={name}>
                {t(`fields.${name}`)}
              </option>
            ))}
          </Select>
        </Labelled>
        {field && <FilterValue field={field} value={written} onChange={setWritten} />}
        <Button type="submit" variant="primary">
          {t('apply')}
        </Button>
      </form>
    </Popover>
  )
}

function Chips({ search, onChange }: Props) {
  const { t } = useTranslation('requests')
  const userName = useUserNames(search.user !== undefined)
  const set = fields.filter(({ name }) => search[name] !== undefined)
  const chips: [name: FieldName | 'error' | 'outcome', text: string][] = set.map(({ name, kind }) => {
    const value = String(search[name])
    const shown =
      kind === 'boolean' ? t(value === 'true' ? 'yes' : 'no') : name === 'user' ? userName(value) : value
    return [name, `${t(`fields.${name}`)}: ${shown}`]
  })
  if (search.error !== undefined) chips.push(['error', `${t('fields.error')}: ${search.error}`])
  if (search.outcome) chips.push(['outcome', `${t('outcome')}: ${t(`outcomes.${search.outcome}`)}`])
  if (chips.length === 0) return null
  return (
    <ul aria-label={t('filters')} className="flex flex-wrap items-center gap-1.5">
      {chips.map(([name, text]) => (
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
      ))}
      {chips.length > 1 && (
        <li>
          <Button
            variant="ghost"
            size="sm"
            onClick={() => onChange(Object.fromEntries(chips.map(([name]) => [name, undefined])))}
          >
            {t('clear')}
          </Button>
        </li>
      )}
    </ul>
  )
}
