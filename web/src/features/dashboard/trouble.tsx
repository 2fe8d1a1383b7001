import { Link } from '@tanstack/react-router'
import { BellRing, CircleCheck, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Badge } from '@/components/ui/surface'
import type { Schema } from '@/lib/api'
import { useFormat } from '@/lib/format'

type Props = {
  unhealthy: { provider: string; reason: string }[]
  firing: Schema<'ShownFiring'>[] | undefined
}

/** What is wrong now; one quiet line when nothing is. */
export function Trouble({ unhealthy, firing = [] }: Props) {
  const { t } = useTranslation('dashboard')
  const format = useFormat()
  if (unhealthy.length === 0 && firing.length === 0) {
    return (
      <p className="text-ink-soft flex items-center gap-2">
        <CircleCheck className="text-good size-4 shrink-0" aria-hidden /> {t('allWell')}
      </p>
    )
  }
  return (
    <section aria-label={t('trouble')} className="border-bad/30 bg-bad-soft rounded-lg border">
      <ul className="divide-bad/15 divide-y">
        {firing.map((alert) => (
          <li
            key={`${alert.alert} ${alert.object}`}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5"
          >
            <BellRing className="text-bad size-4 shrink-0" aria-hidden />
            <Link to="/alerts" className="min-w-0 flex-1 basis-60 font-medium break-words hover:underline">
              {alert.title}
            </Link>
            {alert.silenced && <Badge>{t('silenced')}</Badge>}
            <span className="text-ink-soft text-xs" title={format.dateTime(alert.since)}>
              {t('since', { ago: format.ago(alert.since) })}
            </span>
          </li>
        ))}
        {unhealthy.map(({ provider, reason }) => (
          <li key={provider} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
            <TriangleAlert className="text-bad size-4 shrink-0" aria-hidden />
            <Link
              to="/providers/$name"
              params={{ name: provider }}
              className="min-w-0 font-medium break-all hover:underline"
            >
              {provider}
            </Link>
            <span className="text-ink-soft">{t(`unhealthy.${reason}`)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
