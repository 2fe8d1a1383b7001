import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Card } from '@/components/ui/surface'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import type { Dashboard } from './queries'

/** Provider keys: how many can be used, and what is the matter with the rest. */
export function KeyCard({ stats }: { stats: Dashboard['key_stats'] }) {
  const { t } = useTranslation('dashboard')
  const format = useFormat()
  const mayDo = useMay()
  const parts: [name: string, count: number, colour: string][] = [
    ['available', stats.available, 'bg-good'],
    ['cooling', stats.cooling, 'bg-warn'],
    ['failed', stats.failed, 'bg-bad'],
    ['off', stats.disabled, 'bg-line-strong'],
  ]
  const there = parts.filter(([, count]) => count > 0)
  const none = stats.total > 0 && stats.available === 0
  return (
    <Card className="flex min-w-0 flex-col px-4 py-3.5">
      <h2 className="text-ink-soft truncate">
        {mayDo('providers.read') ? (
          <Link to="/keys" className="hover:text-ink hover:underline">
            {t('keys')}
          </Link>
        ) : (
          t('keys')
        )}
      </h2>
      <div
        className={cn('mt-1 truncate text-2xl font-semibold tracking-tight tabular-nums', none && 'text-bad')}
      >
        {format.compact(stats.available)}
        <span className="text-ink-faint text-base font-normal"> / {format.compact(stats.total)}</span>
      </div>
      <div className="bg-sunken mt-2.5 flex h-2 gap-px overflow-hidden rounded-full" aria-hidden>
        {there.map(([name, count, colour]) => (
          <span key={name} className={colour} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul className="text-ink-faint mt-2 flex flex-wrap gap-x-3 gap-y-0.5 text-xs">
        {there.length === 0 && <li>{t('keysNone')}</li>}
        {there.map(([name, count, colour]) => (
          <li key={name} className="flex items-center gap-1.5">
            <span className={cn('size-2 rounded-full', colour)} aria-hidden />
            {t(`keyStates.${name}`, { count, shown: format.compact(count) })}
          </li>
        ))}
      </ul>
    </Card>
  )
}
