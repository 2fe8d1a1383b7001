import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { Button } from '@/components/ui/button'
import { Input, Select, Switch } from '@/components/ui/field'

const kinds = z.enum(['replace', 'strip_prefix', 'strip_suffix', 'lower_case', 'spelling'])
const rule = z.object({
  name: z.string(),
  kind: kinds,
  pattern: z.optional(z.nullable(z.string())),
  with: z.optional(z.string()),
  texts: z.optional(z.array(z.string())),
  enabled: z._default(z.boolean(), true),
})
type Rule = z.infer<typeof rule>

type Props = { value: unknown; onChange: (value: unknown) => void; disabled: boolean }

/** Rules for model names, applied one after the other from the top. */
export function RulesControl({ value, onChange, disabled }: Props) {
  const { t } = useTranslation('settings')
  const rules = z.array(rule).safeParse(value).data ?? []
  const replace = (index: number, part: Partial<Rule>) =>
    onChange(rules.map((rule, at) => (at === index ? { ...rule, ...part } : rule)))
  const move = (index: number, by: number) => {
    const moved = rules[index]
    if (moved) onChange(rules.toSpliced(index, 1).toSpliced(index + by, 0, moved))
  }
  const added: Rule = { name: t('rules.new'), kind: 'replace', pattern: '^', with: '', enabled: true }
  return (
    <div className="flex flex-col gap-2">
      <ol className="flex flex-col gap-2">
        {rules.map((rule, index) => (
          <li key={index} className="border-line bg-sunken/40 rounded-md border p-2.5">
            <div className="flex flex-wrap items-center gap-2">
              <Switch
                id=""
                aria-label={t('rules.enabled', { name: rule.name })}
                checked={rule.enabled}
                disabled={disabled}
                onCheckedChange={(enabled) => replace(index, { enabled })}
              />
              <Input
                id=""
                className="min-w-36 flex-1"
                aria-label={t('rules.name')}
                value={rule.name}
                disabled={disabled}
                onChange={(event) => replace(index, { name: event.target.value })}
              />
              <Select
                id=""
                className="w-44"
                aria-label={t('rules.kind')}
                value={rule.kind}
                disabled={disabled}
                onChange={(event) => replace(index, { kind: kinds.parse(event.target.value) })}
              >
                {kinds.options.map((kind) => (
                  <option key={kind} value={kind}>
                    {t(`rules.kinds.${kind}`)}
                  </option>
                ))}
              </Select>
              <span className="flex">
                <Button
                  variant="ghost"
                  size="icon-sm"
                  aria-label={t('rules.up', { name: rule.name })}
                  disabled={disabled || index === 0}
                  onClick={() => move(index, -1)}
                >
                  <ArrowUp />
                </Button>
                <Button
                  variant="ghost"
                  size="icon-sm"
                  aria-label={t('rules.down', { name: rule.name })}
                  disabled={disabled || index === rules.length - 1}
                  onClick={() => move(index, 1)}
                >
                  <ArrowDown />
                </Button>
                <Button
                  variant="ghost"
                  size="icon-sm"
                  aria-label={t('rules.remove', { name: rule.name })}
                  disabled={disabled}
                  onClick={() => onChange(rules.toSpliced(index, 1))}
                >
                  <Trash2 />
                </Button>
              </span>
            </div>
            <Details rule={rule} disabled={disabled} onChange={(part) => replace(index, part)} />
          </li>
        ))}
      </ol>
      {!disabled && (
        <Button size="sm" className="self-start" onClick={() => onChange([...rules, added])}>
          <Plus />
          {t('rules.add')}
        </Button>
      )}
    </div>
  )
}

type DetailsProps = { rule: Rule; disabled: boolean; onChange: (part: Partial<Rule>) => void }

/** What a rule needs besides its name, which differs by kind. */
function Details({ rule, disabled, onChange }: DetailsProps) {
  const { t } = useTranslation('settings')
  const { kind } = rule
  if (kind === 'lower_case') return null
  return (
    <div className="mt-2 grid gap-2 sm:grid-cols-2">
      {kind === 'replace' ? (
        <Input
          id=""
          className="font-mono text-xs"
          aria-label={t('rules.pattern')}
          placeholder={t('rules.pattern')}
          value={rule.pattern ?? ''}
          disabled={disabled}
          onChange={(event) => onChange({ pattern: event.target.value })}
        />
      ) : (
        <Input
          id=""
          className="font-mono text-xs"
          aria-label={t('rules.texts')}
          placeholder={t('rules.texts')}
          value={(rule.texts ?? []).join(', ')}
          disabled={disabled}
          onChange={(event) => onChange({ texts: event.target.value.split(',').map((text) => text.trim()) })}
        />
      )}
      {(kind === 'replace' || kind === 'spelling') && (
        <Input
          id=""
          className="font-mono text-xs"
          aria-label={t('rules.with')}
          placeholder={t('rules.with')}
          value={rule.with ?? ''}
          disabled={disabled}
          onChange={(event) => onChange({ with: event.target.value })}
        />
      )}
    </div>
  )
}
