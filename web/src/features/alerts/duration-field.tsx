import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Field, Input, Select } from '@/components/ui/field'
import { partsOf } from './rule-words'

type Props = {
  label: string
  hint?: string
  error?: string | undefined
  value: string | number
  onChange: (value: string) => void
}

/** A number and its unit of time. */
export function DurationField({ label, hint, error, value, onChange }: Props) {
  const { t } = useTranslation('alerts')
  const unitId = useId()
  const { amount, unit } = partsOf(value)
  return (
    <Field label={label} hint={hint} error={error}>
      <div className="flex gap-2">
        <Input
          type="number"
          min={0}
          step="any"
          value={amount}
          className="min-w-0 flex-1"
          onChange={(event) => onChange(`${event.target.value || 0}${unit}`)}
        />
        <Select
          id={unitId}
          aria-label={t('unitOf', { label })}
          value={unit}
          className="w-28"
          onChange={(event) => onChange(`${amount}${event.target.value}`)}
        >
          {(unit === 'ms' ? ['ms', 's', 'm', 'h', 'd'] : ['s', 'm', 'h', 'd']).map((one) => (
            <option key={one} value={one}>
              {t(`units.${one}`)}
            </option>
          ))}
        </Select>
      </div>
    </Field>
  )
}
