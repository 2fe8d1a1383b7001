import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'

/** Where one is between choosing and done. */
export function Steps({ current }: { current: number }) {
  const { t } = useTranslation('transfer')
  return (
    <ol className="mb-5 flex flex-wrap gap-x-6 gap-y-2">
      {['choose', 'look', 'done'].map((name, index) => {
        const step = index + 1
        const isPast = step < current
        return (
          <li
            key={name}
            aria-current={step === current ? 'step' : undefined}
            className={cn(
              'text-ink-faint flex items-center gap-2',
              step === current && 'text-ink font-medium',
            )}
          >
            <span
              className={cn(
                'bg-sunken flex size-6 items-center justify-center rounded-full text-xs',
                step === current && 'bg-brand text-brand-ink',
                isPast && 'bg-good-soft text-good',
              )}
            >
              {isPast ? <Check className="size-3.5" aria-hidden /> : step}
            </span>
            {t(`steps.${name}`)}
          </li>
        )
      })}
    </ol>
  )
}
