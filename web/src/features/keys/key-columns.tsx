import { Lock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Column } from '@/components/ui/data-table'
import { Badge, type Tone } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { KeyMenu } from './key-menu'
import type { Key } from './queries'
import type { KeyActions } from './use-key-actions'

export const tones: Record<string, Tone> = {
  active: 'good',
  cooling: 'warn',
  invalid: 'bad',
  disabled: 'neutral',
}

type Options = { actions: KeyActions; onEdit: (key: Key) => void; onTag: (tag: string) => void }

export function useKeyColumns({ actions, onEdit, onTag }: Options): Column<Key>[] {
  const { t } = useTranslation('keys')
  const format = useFormat()
  return [
    {
      id: 'key',
      header: t('key'),
      cell: (row) => (
        <span className="flex items-center gap-1.5">
          <button
            type="button"
            className="max-w-40 truncate font-mono text-xs hover:underline sm:max-w-56"
            onClick={() => onEdit(row)}
          >
            {row.masked_key}
          </button>
          {row.declared && <Lock className="text-ink-faint size-3.5 shrink-0" aria-label={t('declared')} />}
        </span>
      ),
    },
    {
      id: 'status',
      header: t('status'),
      cell: ({ status, cooling_until }) => (
        <span className="flex items-center gap-1.5 whitespace-nowrap">
          <Badge tone={tones[status] ?? 'neutral'}>{t(`states.${status}`)}</Badge>
          {status === 'cooling' && cooling_until && (
            <span className="text-ink-faint hidden text-xs lg:inline">{format.ago(cooling_until)}</span>
          )}
        </span>
      ),
    },
    {
      id: 'error',
      header: t('lastError'),
      from: 'md',
      cell: ({ last_error }) => (
        <span className="text-ink-soft line-clamp-1 max-w-72 break-all" title={last_error ?? undefined}>
          {last_error}
        </span>
      ),
    },
    {
      id: 'note',
      header: t('noteAndTags'),
      from: 'md',
      cell: ({ note, tags }) => (
        <span className="flex max-w-72 items-center gap-1.5 overflow-hidden">
          {note && <span className="truncate">{note}</span>}
          {tags.map((tag) => (
            <button key={tag} type="button" onClick={() => onTag(tag)} title={t('filterByTag', { tag })}>
              <Badge tone="brand">{tag}</Badge>
            </button>
          ))}
        </span>
      ),
    },
    {
      id: 'failures',
      header: t('failures'),
      align: 'right',
      from: 'lg',
      cell: ({ failures }) => format.number(failures),
    },
    {
      id: 'used',
      header: t('usedToday'),
      align: 'right',
      from: 'xl',
      cell: ({ used, limits }) => {
        if (!used) return '–'
        const most = limits.requests_per_day
        return (
          <>
            {format.number(used.requests_today)}
            {most != null && <span className="text-ink-faint"> / {format.number(most)}</span>}
          </>
        )
      },
    },
    {
      id: 'flight',
      header: t('inFlight'),
      align: 'right',
      from: 'xl',
      cell: ({ in_flight }) => format.number(in_flight),
    },
    { id: 'weight', header: t('weight'), align: 'right', from: 'lg', cell: ({ weight }) => weight },
    {
      id: 'menu',
      header: <span className="sr-only">{t('more')}</span>,
      align: 'right',
      cell: (row) => <KeyMenu row={row} actions={actions} onEdit={() => onEdit(row)} />,
    },
  ]
}
