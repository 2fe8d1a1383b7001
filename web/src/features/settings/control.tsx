import { useTranslation } from 'react-i18next'
import { Input, Select, Switch, Textarea } from '@/components/ui/field'
import { RulesControl } from './rules-control'
import type { Spec } from './specs'
import { inUnit, units } from './state'

export type ControlProps = {
  spec: Spec
  value: unknown
  onChange: (value: unknown) => void
  disabled: boolean
}

/** The control that suits a setting. */
export function Control(props: ControlProps) {
  const { spec, value, onChange, disabled } = props
  const placeholder = spec.defaultText
  switch (spec.kind) {
    case 'boolean':
      return spec.nullable ? (
        <Tristate {...props} />
      ) : (
        <Switch checked={value === true} onCheckedChange={onChange} disabled={disabled} />
      )
    case 'choice':
      return (
        <Select value={String(value)} onChange={(event) => onChange(event.target.value)} disabled={disabled}>
          {spec.choices.map(({ value }) => (
            <option key={value}>{value}</option>
          ))}
        </Select>
      )
    case 'bytes':
      return <Bytes {...props} />
    case 'number':
      return (
        <Input
          type="number"
          min={spec.minimum}
          max={spec.maximum}
          step="any"
          placeholder={placeholder}
          value={value === null ? '' : String(value)}
          onChange={(event) => onChange(event.target.value === '' ? null : event.target.valueAsNumber)}
          disabled={disabled}
        />
      )
    case 'list':
      return <List {...props} />
    case 'rules':
      return <RulesControl value={value} onChange={onChange} disabled={disabled} />
    default:
      return (
        <Input
          className="font-mono"
          spellCheck={false}
          placeholder={placeholder}
          value={value === null ? '' : String(value)}
          onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
          disabled={disabled}
        />
      )
  }
}

/** On, off, or as the default has it. */
function Tristate({ value, onChange, disabled, spec }: ControlProps) {
  const { t } = useTranslation('settings')
  return (
    <Select
      value={value === null ? '' : String(value)}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value === 'true')}
      disabled={disabled}
    >
      <option value="">{t('byDefault', { value: spec.defaultText })}</option>
      <option value="true">{t('yes')}</option>
      <option value="false">{t('no')}</option>
    </Select>
  )
}

function Bytes({ value, onChange, disabled, spec }: ControlProps) {
  const { t } = useTranslation('settings')
  const { amount, unit } = inUnit(Number(value))
  return (
    <span className="flex gap-2">
      <Input
        type="number"
        min={(spec.minimum ?? 0) > 0 ? 1 : 0}
        value={Number.isNaN(amount) ? '' : amount}
        onChange={(event) =>
          onChange(event.target.value === '' ? null : Math.round(event.target.valueAsNumber * unit))
        }
        disabled={disabled}
      />
      <Select
        id=""
        className="w-24 shrink-0"
        aria-label={t('unit')}
        value={unit}
        onChange={(event) => onChange(amount * Number(event.target.value))}
        disabled={disabled}
      >
        {units.map(([name, size]) => (
          <option key={name} value={size}>
            {name}
          </option>
        ))}
      </Select>
    </span>
  )
}

/** One a line. An empty line that is being typed stays until the focus goes. */
function List({ value, onChange, disabled }: ControlProps) {
  const lines = Array.isArray(value) ? value.map(String) : []
  return (
    <Textarea
      className="min-h-20 font-mono text-xs"
      spellCheck={false}
      rows={Math.min(8, lines.length + 1)}
      value={lines.join('\n')}
      onChange={(event) => onChange(event.target.value === '' ? [] : event.target.value.split('\n'))}
      onBlur={() => {
        const kept = lines.map((line) => line.trim()).filter((line) => line !== '')
        if (kept.length !== lines.length) onChange(kept)
      }}
      disabled={disabled}
    />
  )
}
