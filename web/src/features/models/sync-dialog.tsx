import { useMutation, useQuery } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Overlay } from '@/components/ui/overlay'
import { type Schema, api, body, explain } from '@/lib/api'
import { providersQuery } from '@/lib/provider-names'
import { useRefresh } from './use-changes'

type Provider = Schema<'ShownProvider'>
type Told = { done: Schema<'ShownSync'> } | { failed: string }

/** Asks providers for their models now, and tells what came and what went. */
export function SyncDialog({ first, close }: { first: string | undefined; close: () => void }) {
  const { t } = useTranslation('models')
  const refresh = useRefresh()
  const providers = useQuery(providersQuery).data?.items ?? []
  const [told, setTold] = useState<Record<string, Told>>({})
  const [asking, setAsking] = useState<string>()
  const sync = useMutation({
    mutationFn: async (providers: string[]) => {
      // One after another: each takes the provider's whole list.
      for (const id of providers) {
        setAsking(id)
        const answer = await body(
          api.POST('/api/v1/providers/{id}/sync-models', { params: { path: { id } } }),
        ).then(
          (done): Told => ({ done }),
          (error): Told => ({ failed: explain(error) }),
        )
        setTold((before) => ({ ...before, [id]: answer }))
      }
    },
    onSettled: () => {
      setAsking(undefined)
      return refresh()
    },
  })
  const ordered = [...providers].sort((a, b) => Number(b.name === first) - Number(a.name === first))
  const fixed = ({ spec }: Provider) => spec.models != null
  const askable = ordered.flatMap((provider) => (fixed(provider) ? [] : provider.name))
  return (
    <Overlay
      open
      onOpenChange={(open) => !open && close()}
      title={t('sync.title')}
      description={t('sync.text')}
      footer={
        <>
          <Button onClick={close}>{t('close')}</Button>
          <Button
            variant="primary"
            busy={sync.isPending}
            disabled={askable.length === 0}
            onClick={() => sync.mutate(askable)}
          >
            {t('sync.all')}
          </Button>
        </>
      }
    >
      <ul className="divide-line divide-y">
        {ordered.map((provider) => {
          const { name } = provider
          return (
            <li key={name} className="flex items-start gap-3 py-2.5">
              <div className="min-w-0 flex-1">
                <div className="truncate font-medium">{name}</div>
                {fixed(provider) && <p className="text-ink-faint mt-0.5 text-xs">{t('sync.fixed')}</p>}
                <div aria-live="polite">{told[name] && <Outcome told={told[name]} />}</div>
              </div>
              {!fixed(provider) && (
                <Button
                  size="sm"
                  busy={asking === name}
                  disabled={sync.isPending}
                  aria-label={t('sync.one', { name })}
                  onClick={() => sync.mutate([name])}
                >
                  {asking !== name && <RefreshCw />} {t('sync.now')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
    </Overlay>
  )
}

function Outcome({ told }: { told: Told }) {
  const { t } = useTranslation('models')
  if ('failed' in told) {
    return (
      <p className="text-bad mt-1 flex gap-1.5 text-xs break-words">
        <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden /> {told.failed}
      </p>
    )
  }
  const { added, removed, unchanged, complete } = told.done
  return (
    <div className="text-ink-soft mt-1 text-xs">
      <p className="flex gap-1.5">
        <CircleCheck className="text-good mt-px size-3.5 shrink-0" aria-hidden />
        {t('sync.outcome', { added: added.length, removed: removed.length, unchanged })}
      </p>
      {!complete && <p className="text-warn mt-1">{t('sync.incomplete')}</p>}
      <Names label={t('sync.added')} names={added} />
      <Names label={t('sync.removed')} names={removed} />
    </div>
  )
}

function Names({ label, names }: { label: string; names: string[] }) {
  if (names.length === 0) return null
  return (
    <details className="mt-1" open={names.length <= 5}>
      <summary>
        {label} ({names.length})
      </summary>
      <p className="max-h-40 overflow-auto pl-4 break-all">{names.join(', ')}</p>
    </details>
  )
}
