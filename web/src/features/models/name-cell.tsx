import { Check, Pencil, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/field'
import { Badge } from '@/components/ui/surface'
import { ApiError, explain } from '@/lib/api'
import type { Model } from './queries'

type Props = {
  model: Model
  /** Undefined where the name cannot be changed. */
  rename?: ((name: string) => Promise<unknown>) | undefined
}

/** A model's public name, changed where it stands: Enter keeps it, Esc does not. */
export function NameCell({ model, rename }: Props) {
  const { t } = useTranslation('models')
  const [editing, setEditing] = useState(false)
  if (editing && rename) return <NameForm model={model} rename={rename} close={() => setEditing(false)} />
  const others = model.public_names.length - 1
  return (
    <div className="group flex min-w-0 items-center gap-1.5 py-1">
      <div className="min-w-0">
        <div className="flex min-w-0 items-center gap-1.5">
          <span className="truncate font-medium" title={model.public_names.join(', ')}>
            {model.public_name}
          </span>
          {others > 0 && <Badge>{t('moreNames', { count: others })}</Badge>}
        </div>
        <div className="text-ink-faint truncate text-xs sm:hidden">{model.provider}</div>
        {model.public_name !== model.name && (
          <div className="text-ink-faint hidden truncate text-xs sm:block" title={model.name}>
            {model.name}
          </div>
        )}
      </div>
      {rename && (
        <Button
          variant="ghost"
          size="icon-sm"
          className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
          aria-label={t('renameOne', { name: model.public_name })}
          onClick={() => setEditing(true)}
        >
          <Pencil />
        </Button>
      )}
    </div>
  )
}

function NameForm({
  model,
  rename,
  close,
}: {
  model: Model
  rename: (name: string) => Promise<unknown>
  close: () => void
}) {
  const { t } = useTranslation('models')
  const [name, setName] = useState(model.public_name)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  const save = async (event: FormEvent) => {
    event.preventDefault()
    // Empty asks for the usual name, which it may have already.
    if (name.trim() === model.public_name || (!name.trim() && !model.renamed)) return close()
    setBusy(true)
    try {
      await rename(name.trim())
      close()
    } catch (problem) {
      setBusy(false)
      setError(
        problem instanceof ApiError ? (problem.field('public_name') ?? explain(problem)) : explain(problem),
      )
    }
  }
  return (
    <form onSubmit={(event) => void save(event)} className="min-w-44 py-1">
      <div className="flex items-center gap-1">
        <Input
          autoFocus
          aria-label={t('publicName')}
          aria-invalid={error !== undefined || undefined}
          value={name}
          placeholder={model.name}
          disabled={busy}
          className="h-8"
          onChange={(event) => setName(event.target.value)}
          onFocus={(event) => event.target.select()}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.stopPropagation()
            close()
          }}
        />
        <Button type="submit" variant="ghost" size="icon-sm" busy={busy} aria-label={t('save')}>
          {!busy && <Check />}
        </Button>
        <Button variant="ghost" size="icon-sm" aria-label={t('cancel')} onClick={close}>
          <X />
        </Button>
      </div>
      {error && (
        <p role="alert" className="text-bad mt-1 text-xs whitespace-normal">
          {error}
        </p>
      )}
    </form>
  )
}
