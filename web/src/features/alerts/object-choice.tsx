import { X } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { Badge } from '@/components/ui/surface'
import { useProviderNames } from '@/lib/provider-names'
import type { Condition } from './queries'

type Props = { when: Condition; value: string[]; onChange: (value: string[]) => void }

/** Which providers, jobs or owners of budgets a rule is about; none are all. */
export function ObjectChoice({ when, value, onChange }: Props) {
  const { t } = useTranslation('alerts')
  const [text, setText] = useState('')
  const list = useId()
  const providers = useProviderNames()
  const kind = when === 'budget' || when === 'job_failed' ? when : 'provider'
  const add = (name: string) => {
    const trimmed = name.trim()
    if (trimmed && !value.includes(trimmed)) onChange([...value, trimmed])
    setText('')
  }
  return (
    <Field label={t(`only.${kind}`)} hint={t('onlyHint')}>
      <Input
        value={text}
        list={list}
        placeholder={t('onlyAll')}
        onChange={({ target }) =>
          // What was chosen from the list comes at once.
          kind === 'provider' && providers.includes(target.value) ? add(target.value) : setText(target.value)
        }
        onBlur={() => add(text)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          add(text)
        }}
      />
      {kind === 'provider' && (
        <datalist id={list}>
          {providers
            .filter((name) => !value.includes(name))
            .map((name) => (
              <option key={name} value={name} />
            ))}
        </datalist>
      )}
      {value.length > 0 && (
        <div className="flex flex-wrap gap-1.5">
          {value.map((name) => (
            <Badge key={name} tone="brand" className="pr-0">
              {name}
              <Button
                variant="ghost"
                size="icon-sm"
                className="size-5"
                aria-label={t('without', { name })}
                onClick={() => onChange(value.filter((one) => one !== name))}
              >
                <X className="size-3!" />
              </Button>
            </Badge>
          ))}
        </div>
      )}
    </Field>
  )
}
