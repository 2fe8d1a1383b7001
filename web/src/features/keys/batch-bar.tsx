import { Activity, Copy, Power, PowerOff, RotateCcw, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { useConfirm } from '@/components/ui/confirm'
import { Field, Select } from '@/components/ui/field'
import { Overlay } from '@/components/ui/overlay'
import { useFormat } from '@/lib/format'
import { providersQuery } from './queries'
import type { Meant, Verb, useBatch } from './use-batch'

type Props = {
  provider: string
  /** How many are meant; undefined where nobody counted. */
  count: number | undefined
  meant: Meant
  batch: ReturnType<typeof useBatch>
  /** Extends the selection to all that fit the filter. */
  onAll?: (() => void) | undefined
  onClear: () => void
}

const verbs: [Verb, typeof Activity][] = [
  ['test', Activity],
  ['restore', RotateCcw],
  ['enable', Power],
  ['disable', PowerOff],
  ['copy', Copy],
  ['delete', Trash2],
]

/** What can be done with the selected keys. */
export function BatchBar({ provider, count, meant, batch, onAll, onClear }: Props) {
  const { t } = useTranslation('keys')
  const format = useFormat()
  const confirm = useConfirm()
  const [copying, setCopying] = useState(false)
  const told = count === undefined ? t('allFitting') : format.number(count)
  const run = async (action: Verb) => {
    if (action === 'copy') return setCopying(true)
    if (action === 'delete' || (action === 'disable' && (count ?? 1000) > 100)) {
      const sure = await confirm({
        title: t(`batchAsk.${action}`, { count: count ?? 0, told }),
        text: t(action === 'delete' ? 'deleteText' : 'disableText', { provider }),
        action: t(action),
        typed: action === 'delete' && (count === undefined || count > 100) ? provider : undefined,
      })
      if (!sure) return
    }
    batch.mutate({ action, meant }, { onSuccess: onClear })
  }
  return (
    <div className="bg-brand-soft border-line flex flex-wrap items-center gap-x-3 gap-y-2 border-b px-3 py-2">
      <span className="text-brand font-medium" aria-live="polite">
        {count === undefined ? t('allFitting') : t('table.selected', { count })}
      </span>
      {onAll && (
        <Button variant="link" onClick={onAll}>
          {t('selectFitting')}
        </Button>
      )}
      <span className="flex-1" />
      <span className="flex flex-wrap gap-1">
        {verbs.map(([verb, Icon]) => (
          <Button key={verb} size="sm" disabled={batch.isPending} onClick={() => void run(verb)}>
            <Icon className={verb === 'delete' ? 'text-bad' : undefined} /> {t(verb)}
          </Button>
        ))}
        <Button variant="ghost" size="icon-sm" aria-label={t('clearSelection')} onClick={onClear}>
          <X />
        </Button>
      </span>
      {copying && (
        <CopyTo
          provider={provider}
          onClose={() => setCopying(false)}
          onCopy={(to) => {
            setCopying(false)
            batch.mutate({ action: 'copy', meant, to }, { onSuccess: onClear })
          }}
        />
      )}
    </div>
  )
}

type CopyProps = { provider: string; onClose: () => void; onCopy: (to: string) => void }

function CopyTo({ provider, onClose, onCopy }: CopyProps) {
  const { t } = useTranslation('keys')
  const others = (useQuery(providersQuery).data?.items ?? []).filter(({ name }) => name !== provider)
  const [to, setTo] = useState('')
  return (
    <Overlay
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('copyTitle')}
      description={t('copyText')}
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" disabled={!to} onClick={() => onCopy(to)}>
            {t('copy')}
          </Button>
        </>
      }
    >
      <Field label={t('provider')}>
        <Select value={to} onChange={(event) => setTo(event.target.value)}>
          <option value="">{t('chooseProvider')}</option>
          {others.map(({ id, name }) => (
            <option key={id}>{name}</option>
          ))}
        </Select>
      </Field>
    </Overlay>
  )
}
