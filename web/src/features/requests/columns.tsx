import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { Radio, Zap } from 'lucide-react'
import type { Column } from '@/components/ui/data-table'
import type { useFormat } from '@/lib/format'
import { StatusBadge } from './outcome'
import type { LoggedRequest } from './queries'
import { tokensOf } from './tokens-of'

type Told = { t: TFunction; format: ReturnType<typeof useFormat>; userName: (id: string) => string }

/** The list's columns; the narrower the screen, the fewer. */
export function columnsOf({ t, format, userName }: Told): Column<LoggedRequest>[] {
  const today = format.date(Date.now())
  return [
    {
      id: 'time',
      header: t('time'),
      className: 'whitespace-nowrap tabular-nums',
      cell: ({ started_at, duration_ms }) => (
        <span title={format.dateTime(started_at)}>
          {format.date(started_at) !== today && (
            <span className="text-ink-faint block text-xs">{format.date(started_at)}</span>
          )}
          {format.time(started_at)}
          <span className="text-ink-faint block text-xs sm:hidden">{format.duration(duration_ms)}</span>
        </span>
      ),
    },
    {
      id: 'status',
      header: t('fields.status'),
      className: 'whitespace-nowrap',
      cell: (request) => <StatusBadge request={request} />,
    },
    {
      id: 'model',
      header: t('fields.model'),
      className: 'w-full max-w-0',
      cell: (request) => <ModelCell request={request} t={t} />,
    },
    {
      id: 'provider',
      header: t('fields.provider'),
      from: 'md',
      className: 'max-w-44',
      cell: ({ attempts }) => (
        <span className="flex items-center gap-1.5">
          <span className="truncate">{attempts.at(-1)?.provider ?? '–'}</span>
          {attempts.length > 1 && (
            <span
              className="text-ink-faint text-xs whitespace-nowrap"
              title={t('attempts', { count: attempts.length })}
            >
              ×{attempts.length}
            </span>
          )}
        </span>
      ),
    },
    {
      id: 'access_key',
      header: t('fields.access_key'),
      from: 'lg',
      className: 'max-w-44',
      cell: ({ access_key, user_id }) => (
        <>
          <span className="block truncate">{access_key || '–'}</span>
          {user_id && <span className="text-ink-faint block truncate text-xs">{userName(user_id)}</span>}
        </>
      ),
    },
    {
      id: 'tokens',
      header: t('tokens'),
      align: 'right',
      from: 'lg',
      className: 'whitespace-nowrap',
      cell: ({ usage, estimated }) => {
        const { input, output } = tokensOf(usage)
        if (input + output === 0) return <span className="text-ink-faint">–</span>
        return (
          <span title={estimated ? t('estimated') : undefined}>
            {estimated && '~'}
            {format.compact(input)} <span className="text-ink-faint">→</span> {format.compact(output)}
          </span>
        )
      },
    },
    {
      id: 'cost',
      header: t('cost'),
      align: 'right',
      from: 'md',
      className: 'whitespace-nowrap',
      cell: ({ cost_nanousd }) =>
        cost_nanousd == null ? <span className="text-ink-faint">–</span> : format.money(cost_nanousd),
    },
    {
      id: 'duration',
      header: t('duration'),
      align: 'right',
      from: 'sm',
      className: 'whitespace-nowrap',
      cell: ({ duration_ms, first_byte_ms, stream }) => (
        <>
          {format.duration(duration_ms)}
          {stream && first_byte_ms != null && (
            <span className="text-ink-faint block text-xs" title={t('firstByte')}>
              {format.duration(first_byte_ms)}
            </span>
          )}
        </>
      ),
    },
  ]
}

function ModelCell({ request, t }: { request: LoggedRequest; t: TFunction }) {
  const { id, model, operation, stream, cache_hit, error } = request
  return (
    <div className="min-w-0">
      <span className="flex items-center gap-1.5">
        <Link to="/requests/$id" params={{ id }} className="truncate font-medium hover:underline">
          {model || operation}
        </Link>
        {stream && <Radio className="text-ink-faint size-3.5 shrink-0" aria-label={t('fields.stream')} />}
        {cache_hit && <Zap className="text-warn size-3.5 shrink-0" aria-label={t('fields.cache_hit')} />}
      </span>
      <span
        className={error ? 'text-bad block truncate text-xs' : 'text-ink-faint block truncate text-xs'}
        title={error ?? undefined}
      >
        {error ?? operation}
      </span>
    </div>
  )
}
