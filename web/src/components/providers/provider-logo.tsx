import { FlaskConical, Server } from 'lucide-react'
import { cn } from '@/lib/cn'
import { dark, logos } from './logos'

/** A vendor's mark; a neutral one where there is none. Its name stands beside it, so it says nothing itself. */
export function ProviderLogo({ mark, className }: { mark: string | undefined; className?: string }) {
  const url = mark ? logos[mark] : undefined
  return (
    <span
      className={cn(
        'border-line bg-surface inline-flex size-8 shrink-0 items-center justify-center rounded-md border',
        className,
      )}
    >
      {url ? (
        <img src={url} alt="" className={cn('size-[68%]', mark && dark.has(mark) && 'dark:invert')} />
      ) : mark === 'demo' ? (
        <FlaskConical className="text-brand size-[55%]" aria-hidden />
      ) : (
        <Server className="text-ink-faint size-[55%]" aria-hidden />
      )}
    </span>
  )
}
