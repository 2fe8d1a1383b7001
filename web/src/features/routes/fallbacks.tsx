import { useQuery } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { type KeyboardEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { api, body } from '@/lib/api'
import { useSettled } from '@/lib/settled'

type Props = {
  names: string[]
  readOnly: boolean
  error: string | undefined
  onChange: (names: string[]) => void
}

/** Public names that are served instead when no target is left, in order. */
export function Fallbacks({ names, readOnly, error, onChange }: Props) {
  const { t } = useTranslation('routes')
  const list = useId()
  const [name, setName] = useState('')
  const q = useSettled(name.trim(), 250)
  const known = useQuery({
    queryKey: ['routes', 'names', q],
    queryFn: () => body(api.GET('/api/v1/routes', { params: { query: { limit: 20, ...(q ? { q } : {}) } } })),
    enabled: !readOnly,
  })
  const add = () => {
    const next = name.trim()
    if (next && !names.includes(next)) onChange([...names, next])
    setName('')
  }
  const move = (index: number, by: -1 | 1) => {
    const item = names[index]
    const rest = names.filter((_, at) => at !== index)
    if (item !== undefined) onChange([...rest.slice(0, index + by), item, ...rest.slice(index + by)])
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    add()
  }
  return (
    <div className="flex flex-col gap-2">
      {names.length > 0 && (
        <ol aria-label={t('fallbacks')} className="flex flex-col gap-1">
          {names.map((one, index) => (
            <li key={one} className="border-line flex items-center gap-1 rounded-md border py-0.5 pr-1 pl-3">
              <span className="text-ink-faint text-xs tabular-nums">{index + 1}</span>
              <span className="min-w-0 flex-1 truncate px-1.5 font-medium">{one}</span>
              {!readOnly && (
                <>
                  <Button
                    variant="ghost"
                    size="icon-sm"
                    disabled={index === 0}
                    aria-label={t('earlier', { name: one })}
                    onClick={() => move(index, -1)}
                  >
                    <ArrowUp />
                  </Button>
                  <Button
                    variant="ghost"
                    size="icon-sm"
                    disabled={index === names.length - 1}
                    aria-label={t('later', { name: one })}
                    onClick={() => move(index, 1)}
                  >
                    <ArrowDown />
                  </Button>
                  <Button
                    variant="ghost"
                    size="icon-sm"
                    aria-label={t('removeFallback', { name: one })}
                    onClick={() => onChange(names.filter((other) => other !== one))}
                  >
                    <X />
                  </Button>
                </>
              )}
            </li>
          ))}
        </ol>
      )}
      {readOnly ? (
        names.length === 0 && <p className="text-ink-soft">{t('noFallbacks')}</p>
      ) : (
        <Field label={t('addFallback')} hint={t('fallbacksHint')} error={error}>
          <span className="flex gap-2">
            <Input
              list={list}
              value={name}
              placeholder="gpt-4o-mini"
              onChange={(event) => setName(event.target.value)}
              onKeyDown={onKey}
            />
            <Button disabled={!name.trim()} onClick={add}>
              <Plus /> {t('add')}
            </Button>
          </span>
        </Field>
      )}
      <datalist id={list}>
        {known.data?.items.map(({ model }) => (
          <option key={model} value={model} />
        ))}
      </datalist>
    </div>
  )
}
