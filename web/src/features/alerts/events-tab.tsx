import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Select } from '@/components/ui/field'
import { EmptyState, Loading } from '@/components/ui/states'
import { Badge, Card, type Tone } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { Deliveries } from './deliveries'
import { wordsOf } from './finding'
import { type AlertEvent, eventsQuery, rulesQuery } from './queries'

const tones: Record<string, Tone> = { fired: 'bad', repeated: 'warn', resolved: 'good' }

type Props = { alert: string | undefined; onAlert: (alert: string | undefined) => void }

/** What was told, newest first. */
export function EventsTab({ alert, onAlert }: Props) {
  const { t } = useTranslation('alerts')
  const rules = useQuery(rulesQuery).data ?? []
  const query = useInfiniteQuery({ ...eventsQuery(alert), refetchInterval: 30_000 })
  const names = [...new Set([...rules.map(({ name }) => name), ...(alert ? [alert] : [])])]
  return (
    <Card>
      <div className="border-line border-b p-3">
        <Select
          aria-label={t('rule')}
          className="w-full sm:w-64"
          value={alert ?? ''}
          onChange={(event) => onAlert(event.target.value || undefined)}
        >
          <option value="">{t('everyAlert')}</option>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      </div>
      <Loading query={query}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items)
          if (items.length === 0)
            return <EmptyState icon={History} title={t('noEvents')} text={t('noEventsText')} />
          return (
            <>
              <ol className="divide-line divide-y">
                {items.map((event) => (
                  <EventLine key={event.id} event={event} />
                ))}
              </ol>
              {query.hasNextPage && (
                <div className="border-line flex justify-center border-t p-3">
                  <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    {t('loading.more')}
                  </Button>
                </div>
              )}
            </>
          )
        }}
      </Loading>
    </Card>
  )
}

function EventLine({ event }: { event: AlertEvent }) {
  const { t } = useTranslation('alerts')
  const format = useFormat()
  const { title, detail } = wordsOf(event, t, format)
  return (
    <li className="grid gap-x-4 gap-y-1.5 px-4 py-3 sm:grid-cols-[6.5rem_1fr] lg:grid-cols-[6.5rem_1fr_20rem]">
      <div>
        <Badge tone={tones[event.kind] ?? 'neutral'}>{t(`event.${event.kind}`)}</Badge>
      </div>
      <div className="min-w-0">
        <p className="font-medium break-words">{title}</p>
        {detail && event.kind !== 'resolved' && <p className="text-ink-soft break-words">{detail}</p>}
        <p className="text-ink-faint mt-0.5 text-xs">
          {format.dateTime(event.at)}
          {event.kind !== 'test' && ` · ${event.alert}`}
          {(event.kind === 'resolved' || event.kind === 'repeated') &&
            ` · ${t('lasted', { span: format.duration(Date.parse(event.at) - Date.parse(event.since)) })}`}
        </p>
      </div>
      <div className="min-w-0 sm:col-start-2 lg:col-start-3">
        <Deliveries deliveries={event.deliveries} />
      </div>
    </li>
  )
}
