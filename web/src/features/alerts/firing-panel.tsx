import { useQuery } from '@tanstack/react-query'
import { BellOff, CircleCheck, Siren } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Loading, Skeleton } from '@/components/ui/states'
import { Badge, Card } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { wordsOf } from './finding'
import { type Firing, firingQuery } from './queries'

type Props = { onSilence: (alert: string, object: string) => void }

/** What is wrong now. */
export function FiringPanel({ onSilence }: Props) {
  const { t } = useTranslation('alerts')
  const firing = useQuery(firingQuery)
  return (
    <Card className="mb-6">
      <Loading query={firing} skeleton={<Skeleton className="m-4 h-8" />}>
        {(items) =>
          items.length === 0 ? (
            <p className="flex items-center gap-2 px-4 py-3.5">
              <CircleCheck className="text-good size-5 shrink-0" aria-hidden /> {t('allWell')}
            </p>
          ) : (
            <>
              <h2 className="flex items-center gap-2 px-4 py-3 font-semibold">
                <Siren className="text-bad size-5" aria-hidden />
                {t('firing', { count: items.length })}
              </h2>
              <ul className="divide-line border-line max-h-96 divide-y overflow-y-auto border-t">
                {items.map((item) => (
                  <FiringLine key={`${item.alert} ${item.object}`} firing={item} onSilence={onSilence} />
                ))}
              </ul>
            </>
          )
        }
      </Loading>
    </Card>
  )
}

function FiringLine({ firing, onSilence }: Props & { firing: Firing }) {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const mayDo = useMay()
  const { title, detail } = wordsOf(firing, t, format)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-medium break-words">{title}</p>
        {detail && <p className="text-ink-soft break-words">{detail}</p>}
        <p className="text-ink-faint mt-0.5 flex flex-wrap items-center gap-x-2 text-xs">
          <span>{firing.alert}</span>
          <span>{t('since', { ago: format.ago(firing.since) })}</span>
          <span>{firing.told_at ? t('toldAt', { ago: format.ago(firing.told_at) }) : t('notToldYet')}</span>
          {firing.silenced && <Badge tone="warn">{t('silenced')}</Badge>}
        </p>
      </div>
      {mayDo('alerts.write') && !firing.silenced && (
        <Button size="sm" onClick={() => onSilence(firing.alert, firing.object)}>
          <BellOff /> {t('silence')}
        </Button>
      )}
    </li>
  )
}
