import { CalendarRange } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { Popover } from '@/components/ui/menu'
import { Segments } from '@/components/ui/segments'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { type TimeRange, boundsOf, fromLocal, toLocal } from '@/lib/time-range'

type Props = {
  value: TimeRange
  onChange: (value: TimeRange) => void
  /** What is offered, such as `1h`, `24h`. */
  presets: string[]
  /** The preset when the address says nothing. */
  fallback: string
  /** Whether two moments may be chosen, too. */
  custom?: boolean
}

/** Chooses the time that a page looks at. Its value belongs in the address. */
export function TimeRangePicker({ value, onChange, presets, fallback, custom = true }: Props) {
  const { t } = useTranslation()
  const chosen = value.from || value.to ? undefined : (value.range ?? fallback)
  return (
    <div role="group" aria-label={t('timeRange.label')} className="flex flex-wrap items-center gap-2">
      <Segments
        items={presets.map((preset) => ({
          value: preset,
          label: t(`timeRange.${preset}`),
          title: t(`timeRange.long.${preset}`),
        }))}
        value={chosen}
        onChange={(range) => onChange({ range: range === fallback ? undefined : range })}
      />
      {custom && <CustomRange value={value} onChange={onChange} fallback={fallback} />}
    </div>
  )
}

function CustomRange({ value, onChange, fallback }: Pick<Props, 'value' | 'onChange' | 'fallback'>) {
  const { t } = useTranslation()
  const format = useFormat()
  const [open, setOpen] = useState(false)
  const isCustom = value.from !== undefined || value.to !== undefined
  const { from, to } = boundsOf(value, fallback)
  return (
    <Popover
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button className={cn('max-w-full', isCustom && 'border-brand text-brand')}>
          <CalendarRange />
          <span className="truncate">
            {isCustom
              ? `${format.dateTime(from)} – ${value.to ? format.dateTime(to) : t('timeRange.now')}`
              : t('timeRange.custom')}
          </span>
        </Button>
      }
    >
      <CustomForm
        from={from}
        to={to}
        onChange={(next) => {
          setOpen(false)
          onChange(next)
        }}
      />
    </Popover>
  )
}

function CustomForm({ from, to, onChange }: { from: number; to: number; onChange: Props['onChange'] }) {
  const { t } = useTranslation()
  const [zone] = useTimeZone()
  const [begin, setBegin] = useState(toLocal(from, zone))
  const [end, setEnd] = useState(toLocal(to, zone))
  const [first, last] = [fromLocal(begin, zone), fromLocal(end, zone)]
  const wrong = first >= last
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!wrong) onChange({ from: new Date(first).toISOString(), to: new Date(last).toISOString() })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <Field label={t('timeRange.from')}>
        <Input
          type="datetime-local"
          value={begin}
          onChange={(event) => setBegin(event.target.value)}
          required
        />
      </Field>
      <Field label={t('timeRange.to')} error={wrong ? t('timeRange.wrong') : undefined}>
        <Input type="datetime-local" value={end} onChange={(event) => setEnd(event.target.value)} required />
      </Field>
      <Button type="submit" variant="primary" disabled={wrong}>
        {t('timeRange.apply')}
      </Button>
    </form>
  )
}
