import { RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Badge, CopyButton } from '@/components/ui/surface'
import { cn } from '@/lib/cn'
import { Control } from './control'
import type { Spec } from './specs'
import { type Origin, type State, inUnit, variableOf } from './state'
import { useNames } from './use-names'

type Props = {
  spec: Spec
  state: State
  mayWrite: boolean
  error: string | undefined
  onChange: (value: unknown) => void
}

/** One setting: what it is, what it is set to, and why it cannot be changed where it cannot. */
export function SettingRow({ spec, state, mayWrite, error, onChange }: Props) {
  const { t } = useTranslation('settings')
  const names = useNames()
  const { label, text } = names(spec.path, spec.description)
  const canEdit = state.editable && mayWrite
  const isWide = spec.kind === 'rules'
  const choice = spec.choices.find(({ value }) => value === state.value)
  return (
    <div
      className={cn(
        'border-line grid gap-x-8 gap-y-2 px-4 py-3.5 not-first:border-t',
        !isWide && '@2xl:grid-cols-[1fr_minmax(14rem,19rem)]',
        state.pending && 'bg-brand-soft/50',
      )}
    >
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium">{label}</span>
          <code className="text-ink-faint font-mono text-xs break-all">{spec.path.join('.')}</code>
          {state.pending ? (
            <Badge tone="brand">{t('notSaved')}</Badge>
          ) : (
            state.editable && state.changed && <Badge tone="warn">{t('changedHere')}</Badge>
          )}
        </div>
        {text && <p className="text-ink-soft mt-1">{text}</p>}
        {choice?.text && <p className="text-ink-faint mt-1 text-xs">{`${choice.value}: ${choice.text}`}</p>}
        <div className="text-ink-faint mt-1 flex flex-wrap items-center gap-x-3 text-xs">
          {spec.defaultText && <span>{t('default', { value: names.defaultOf(spec) })}</span>}
          <Bounds spec={spec} />
          {canEdit && state.changed && (
            <Button variant="link" size="sm" onClick={() => onChange(null)}>
              <RotateCcw className="size-3!" />
              {t('toDefault')}
            </Button>
          )}
        </div>
        {!state.editable && <Fixed path={spec.path} origin={state.origin} />}
      </div>
      <div className="min-w-0 @2xl:pt-0.5">
        {canEdit ? (
          <Field label={<span className="sr-only">{label}</span>} error={error}>
            <Control spec={spec} value={state.value} onChange={onChange} disabled={false} />
          </Field>
        ) : (
          <Shown spec={spec} state={state} />
        )}
      </div>
    </div>
  )
}

function Bounds({ spec: { kind, minimum, maximum } }: { spec: Spec }) {
  const { t } = useTranslation('settings')
  if (kind === 'duration') return <span>{t('durations')}</span>
  if (kind !== 'number' || minimum === undefined) return null
  const isOpen = maximum === undefined || maximum >= 2 ** 32 - 1
  return <span>{isOpen ? t('atLeast', { minimum }) : t('between', { minimum, maximum })}</span>
}

/** Who has the say, and where to change it. */
function Fixed({ path, origin }: { path: string[]; origin: Origin | undefined }) {
  const { t } = useTranslation('settings')
  const variable = variableOf(path)
  return (
    <p className="text-ink-soft mt-1.5 flex flex-wrap items-center gap-1.5 text-xs">
      {origin?.from === 'file' && <Badge>{t('declared')}</Badge>}
      {origin?.from === 'file' && t('fromFile', { line: origin.line })}
      {origin?.from === 'environment' && <Badge>{t('declared')}</Badge>}
      {origin?.from === 'environment' && t('fromEnvironment', { name: origin.name })}
      {!origin && (
        <>
          {t('atStart')} <code className="font-mono break-all">{variable}</code>
          <CopyButton text={variable} label={t('copyVariable', { variable })} />
        </>
      )}
    </p>
  )
}

/** A value that cannot be changed here. Those of some sections the server does not tell. */
function Shown({ spec, state }: { spec: Spec; state: State }) {
  const { t } = useTranslation('settings')
  const { value, told, origin } = state
  if (!told) return <p className="text-ink-faint">{origin ? t('setNotShown') : t('notShown')}</p>
  const text = () => {
    if (value === null || value === '') return spec.defaultText ?? t('none')
    if (typeof value === 'boolean') return value ? t('yes') : t('no')
    if (Array.isArray(value)) return value.length === 0 ? t('none') : value.map(String).join(', ')
    if (spec.kind === 'bytes' && typeof value === 'number') {
      const { amount, name } = inUnit(value)
      return `${amount} ${name}`
    }
    return String(value)
  }
  return <p className="font-mono text-xs leading-6 break-words">{text()}</p>
}
