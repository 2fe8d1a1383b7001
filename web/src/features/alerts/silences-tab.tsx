import { useQuery } from '@tanstack/react-query'
import { BellOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { EmptyState, Loading } from '@/components/ui/states'
import { Badge, Card } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { api } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { useUserNames } from '@/lib/user-names'
import { type Silence, silencesQuery, useAct } from './queries'

export function SilencesTab({ onAdd }: { onAdd: () => void }) {
  const { t } = useTranslation('alerts')
  const silences = useQuery(silencesQuery)
  const mayDo = useMay()
  return (
    <Card>
      <Loading query={silences}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon={BellOff} title={t('noSilences')} text={t('noSilencesText')}>
              {mayDo('alerts.write') && <Button onClick={onAdd}>{t('addSilence')}</Button>}
            </EmptyState>
          ) : (
            <ul className="divide-line divide-y">
              {items.map((silence) => (
                <SilenceLine key={silence.id} silence={silence} />
              ))}
            </ul>
          )
        }
      </Loading>
    </Card>
  )
}

function SilenceLine({ silence }: { silence: Silence }) {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const mayDo = useMay()
  const toast = useToast()
  const nameOf = useUserNames()
  const { id, alert, object, reason, until, over } = silence
  const again = useAct(() =>
    api.POST('/api/v1/alert-silences', {
      body: { alert: alert ?? null, object: object ?? null, reason, until },
    }),
  )
  const end = useAct(
    () => api.DELETE('/api/v1/alert-silences/{id}', { params: { path: { id } } }),
    () => toast.done(t('silenceEnded'), { undo: () => again.mutate(undefined) }),
  )
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3.5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          {alert ?? t('everyAlert')} · {object ?? t('everyObject')}
          {over && <Badge>{t('silenceOver')}</Badge>}
        </p>
        <p className="text-ink-soft mt-0.5 text-xs break-words">
          {t('silenceUntil', { time: format.dateTime(until), ago: format.ago(until) })}
          {reason && ` · ${reason}`}
          {silence.created_by && ` · ${nameOf(silence.created_by)}`}
        </p>
      </div>
      {mayDo('alerts.write') && !over && (
        <Button size="sm" busy={end.isPending} onClick={() => end.mutate(undefined)}>
          {t('endSilence')}
        </Button>
      )}
    </li>
  )
}
