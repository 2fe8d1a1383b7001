import { Pause, Play } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/format'

type Props = { live: boolean; updatedAt: number; onChange: (live: boolean) => void }

/** Says that the page looks again by itself, and stops or starts that. */
export function LiveButton({ live, updatedAt, onChange }: Props) {
  const { t } = useTranslation('dashboard')
  const format = useFormat()
  return (
    <Button
      onClick={() => onChange(!live)}
      aria-label={t(live ? 'pause' : 'resume')}
      title={updatedAt > 0 ? t('updated', { time: format.time(updatedAt) }) : undefined}
    >
      <span className="relative flex size-2" aria-hidden>
        {live && <span className="bg-good absolute inset-0 animate-ping rounded-full opacity-60" />}
        <span className={cn('relative size-2 rounded-full', live ? 'bg-good' : 'bg-line-strong')} />
      </span>
      <span className="hidden sm:inline">{t(live ? 'live' : 'paused')}</span>
      {live ? <Pause /> : <Play />}
    </Button>
  )
}
