import { ArrowDown, ArrowUp, ChevronRight, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input, Select, Switch } from '@/components/ui/field'
import { cn } from '@/lib/cn'
import { type NameRule, kind as kinds, tidy } from './rules'

type Props = {
  rule: NameRule
  readOnly: boolean
  onChange: (rule: NameRule) => void
  onMove: (by: -1 | 1) => void
  onRemove: () => void
}

/** One rule for names: a line that opens to its fields. */
export function RuleRow({ rule, readOnly, onChange, onMove, onRemove }: Props) {
  const { t } = useTranslation('models')
  const [open, setOpen] = useState(false)
  const set = (part: Partial<NameRule>) => onChange(tidy({ ...rule, ...part }))
  const detail = rule.pattern ?? rule.texts?.join(', ')
  return (
    <li className="py-1.5">
      <div className="flex items-center gap-1">
        <button
          type="button"
          aria-expanded={open}
          className="hover:bg-sunken flex min-w-0 flex-1 items-center gap-1.5 rounded-md px-1 py-1 text-left"
          onClick={() => setOpen(!open)}
        >
          <ChevronRight
            className={cn('size-4 shrink-0 transition-transform', open && 'rotate-90')}
            aria-hidden
          />
          <span className="min-w-0">
            <span className={cn('block truncate font-medium', !rule.enabled && 'text-ink-faint')}>
              {rule.name || t('ruleEditor.unnamed')}
            </span>
            <span className="text-ink-faint block truncate text-xs">
              {t(`ruleEditor.kinds.${rule.kind}`)}
              {detail && <code className="ml-1.5">{detail}</code>}
            </span>
          </span>
        </button>
        {!readOnly && (
          <>
            <Button variant="ghost" size="icon-sm" aria-label={t('ruleEditor.up')} onClick={() => onMove(-1)}>
              <ArrowUp />
            </Button>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={t('ruleEditor.down')}
              onClick={() => onMove(1)}
            >
              <ArrowDown />
            </Button>
            <Button variant="ghost" size="icon-sm" aria-label={t('remove')} onClick={onRemove}>
              <Trash2 />
            </Button>
          </>
        )}
        <Switch
          aria-label={t('ruleEditor.use', { name: rule.name })}
          checked={rule.enabled}
          disabled={readOnly}
          onCheckedChange={(enabled) => set({ enabled })}
        />
      </div>
      {open && (
        <fieldset disabled={readOnly} className="grid gap-3 py-2 pl-7 sm:grid-cols-2">
          <Field label={t('name')}>
            <Input value={rule.name} onChange={(event) => set({ name: event.target.value })} />
          </Field>
          <Field label={t('ruleEditor.kind')}>
            <Select
              value={rule.kind}
              onChange={(event) => {
                const kind = kinds.options.find((name) => name === event.target.value)
                if (kind) set({ kind })
              }}
            >
              {kinds.options.map((name) => (
                <option key={name} value={name}>
                  {t(`ruleEditor.kinds.${name}`)}
                </option>
              ))}
            </Select>
          </Field>
          {rule.pattern !== undefined && (
            <Field label={t('batch.pattern')}>
              <Input
                className="font-mono"
                spellCheck={false}
                value={rule.pattern}
                onChange={(event) => set({ pattern: event.target.value })}
              />
            </Field>
          )}
          {(rule.kind === 'replace' || rule.kind === 'spelling') && (
            <Field label={t('batch.with')}>
              <Input
                className="font-mono"
                spellCheck={false}
                value={rule.with ?? ''}
                onChange={(event) => set({ with: event.target.value })}
              />
            </Field>
          )}
          {rule.texts !== undefined && (
            <Field label={t('ruleEditor.texts')} hint={t('ruleEditor.textsHint')} className="sm:col-span-2">
              <Input
                className="font-mono"
                spellCheck={false}
                value={rule.texts.join(', ')}
                onChange={(event) => set({ texts: event.target.value.split(/,\s*/) })}
              />
            </Field>
          )}
        </fieldset>
      )}
    </li>
  )
}
