import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/format'
import type { Check } from './queries'

const colours: Record<string, string> = { works: 'bg-good/70', doubtful: 'bg-warn', failed: 'bg-bad' }
/** Heights differ, too: colour alone says nothing to some. */
const heights: Record<string, string> = { works: 'h-1/2', doubtful: 'h-3/4', failed: 'h-full' }

/** One bar a check, the newest at the right: green and low is good. */
export function CheckStrip({
  checks,
  size,
  className,
}: {
  checks: Check[]
  size: number
  className?: string
}) {
  const { t } = useTranslation('health')
  const format = useFormat()
  const shown = checks.slice(0, size).toReversed()
  const failed = shown.filter(({ outcome }) => outcome === 'failed').length
  return (
    <div
      role="img"
      aria-label={t('stripLabel', { checks: shown.length, failed })}
      className={cn('flex h-6 items-end gap-px', className)}
    >
      {Array.from({ length: size - shown.length }, (_, index) => (
        <span key={index} className="bg-sunken h-1/2 min-w-px flex-1 rounded-sm" />
      ))}
      {shown.map((check) => (
        <span
          key={check.id}
          title={`${format.dateTime(check.at)} · ${t(`outcome.${check.outcome}`)} · ${format.duration(check.latency_ms)}${check.error ? `\n${check.error}` : ''}`}
          className={cn(
            'min-w-px flex-1 rounded-sm',
            colours[check.outcome] ?? 'bg-sunken',
            heights[check.outcome],
          )}
        />
      ))}
    </div>
  )
}
