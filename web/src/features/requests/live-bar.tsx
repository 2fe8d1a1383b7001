import { Pause, Play } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { cn } from '@/lib/cn'
import { explain } from '@/lib/api'
import { type Tail, type TailEvent, most } from './tail'

/** How the live tail fares, with what stops it for reading. */
export function LiveBar({ tail, tell }: { tail: Tail; tell: (event: TailEvent) => void }) {
  const { t } = useTranslation('requests')
  const { status, paused, rows, held, skipped, error } = tail
  const dot =
    status === 'open' ? (paused ? 'bg-warn' : 'bg-good') : status === 'refused' ? 'bg-bad' : 'bg-line-strong'
  const word = status === 'open' && paused ? 'paused' : status
  return (
    <div className="bg-sunken/60 border-line flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-2">
      <span
        className={cn('size-2 shrink-0 rounded-full', dot, status === 'open' && !paused && 'animate-pulse')}
        aria-hidden
      />
      <p className="text-ink-soft min-w-0 flex-1" role="status">
        {status === 'refused' ? explain(error) : t(`tail.${word}`)}
        {held.length > 0 && ` · ${t('tail.held', { count: held.length })}`}
        {skipped > 0 && ` · ${t('tail.skipped', { count: skipped })}`}
        {rows.length >= most && ` · ${t('tail.full', { count: most })}`}
      </p>
      {status !== 'refused' && (
        <Button size="sm" onClick={() => tell({ type: paused ? 'resume' : 'pause' })}>
          {paused ? <Play /> : <Pause />}
          {t(paused ? 'tail.resume' : 'tail.pause')}
        </Button>
      )}
    </div>
  )
}
