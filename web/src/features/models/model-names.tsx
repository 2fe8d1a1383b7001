import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { CopyButton, Facts, Notice } from '@/components/ui/surface'
import { ApiError, explain } from '@/lib/api'
import type { Model } from './queries'
import type { Changes } from './use-changes'

/** Names beside the first one that somebody gave: those that rules or the provider give are no aliases. */
export function aliasesOf(model: Model): string[] {
  const usual = new Set([model.public_name, model.name, model.normalised_name])
  return model.public_names.filter((name) => !usual.has(name))
}

/** By which names callers may ask for a model. */
export function ModelNames({
  model,
  changes,
  editable,
}: {
  model: Model
  changes: Changes
  editable: boolean
}) {
  const { t } = useTranslation('models')
  const [editing, setEditing] = useState(false)
  if (editing) return <NamesForm model={model} changes={changes} close={() => setEditing(false)} />
  return (
    <div className="flex flex-col gap-3">
      <Facts
        items={[
          [
            t('calledBy'),
            model.public_names.length === 0 ? (
              <span className="text-ink-faint">{t('nobodyCalls')}</span>
            ) : (
              <ul className="flex flex-col gap-0.5">
                {model.public_names.map((name) => (
                  <li key={name} className="flex items-center gap-1">
                    <code className="break-all">{name}</code> <CopyButton text={name} />
                  </li>
                ))}
              </ul>
            ),
          ],
          [
            t('ownName'),
            <code key="own" className="break-all">
              {model.name}
            </code>,
          ],
          [
            t('normalised'),
            <span key="normalised">
              <code className="break-all">{model.normalised_name}</code>
              {model.applied_rules.length > 0 && (
                <span className="text-ink-faint block text-xs">
                  {t('byRules', { rules: model.applied_rules.join(', ') })}
                </span>
              )}
            </span>,
          ],
        ]}
      />
      {editable && (
        <div>
          <Button size="sm" onClick={() => setEditing(true)}>
            {t('changeNames')}
          </Button>
        </div>
      )}
    </div>
  )
}

function NamesForm({ model, changes, close }: { model: Model; changes: Changes; close: () => void }) {
  const { t } = useTranslation('models')
  const before = aliasesOf(model)
  const [name, setName] = useState(model.renamed ? model.public_name : '')
  const [aliases, setAliases] = useState(before.join(', '))
  const save = useMutation({
    mutationFn: async () => {
      const wanted = name.trim()
      if (wanted !== (model.renamed ? model.public_name : '')) await changes.rename(model, wanted)
      const list = aliases.split(',').flatMap((alias) => alias.trim() || [])
      if (list.join() !== before.join()) await changes.setAliases(model, list, before)
    },
    onSuccess: close,
  })
  const error = (field: string) => (save.error instanceof ApiError ? save.error.field(field) : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {save.error && <Notice tone="bad">{explain(save.error)}</Notice>}
      <Field label={t('publicName')} hint={t('publicNameHint')} error={error('public_name')}>
        <Input
          autoFocus
          value={name}
          placeholder={model.name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field label={t('aliases')} hint={t('aliasesHint')} error={error('aliases')}>
        <Input value={aliases} onChange={(event) => setAliases(event.target.value)} />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={close}>{t('cancel')}</Button>
        <Button type="submit" variant="primary" busy={save.isPending}>
          {t('save')}
        </Button>
      </div>
    </form>
  )
}
