import { Link } from '@tanstack/react-router'
import { RotateCcw } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BackLink } from '@/components/back-link'
import { Button } from '@/components/ui/button'
import { Loading } from '@/components/ui/states'
import { Badge, CopyButton, Facts, Notice, PageHeader, Panel } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { useUserNames } from '@/lib/user-names'
import { Bodies } from './bodies'
import { Choices } from './choices'
import { CostPanel } from './cost-panel'
import { toneOf } from './outcome'
import { type LoggedRequest, useRequest } from './queries'
import { Timeline } from './timeline'

type Props = { id: string; bodies: boolean; onShowBodies: () => void }

/** One request: what became of it, at whom, why, and what it cost. */
export function RequestPage({ id, bodies, onShowBodies }: Props) {
  const { t } = useTranslation('requests')
  return (
    <>
      <BackLink to="/requests">{t('title')}</BackLink>
      <Loading query={useRequest(id)}>
        {(request) => (
          <>
            <Head request={request} />
            {request.error && (
              <Notice tone={toneOf(request.outcome)} className="mb-4 break-words">
                {request.error}
              </Notice>
            )}
            <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
              <div className="flex min-w-0 flex-col gap-4">
                <Timeline request={request} />
                <Choices choices={request.choices} />
                <Bodies request={request} shown={bodies} onShow={onShowBodies} />
              </div>
              <div className="flex min-w-0 flex-col gap-4">
                <About request={request} />
                <CostPanel request={request} />
              </div>
            </div>
          </>
        )}
      </Loading>
    </>
  )
}

function Head({ request }: { request: LoggedRequest }) {
  const { t } = useTranslation('requests')
  const format = useFormat()
  const { id, model, operation, status, outcome, stream, cache_hit, duration_ms, started_at } = request
  const mayDo = useMay()
  const canReplay = request.has_bodies === true && mayDo('requests.read_bodies')
  return (
    <PageHeader
      title={
        <span className="flex flex-wrap items-center gap-2">
          {model || operation}
          <Badge tone={toneOf(outcome)}>
            {status} · {t(`outcomes.${outcome}`)}
          </Badge>
          {stream && <Badge>{t('fields.stream')}</Badge>}
          {cache_hit && <Badge tone="brand">{t('fields.cache_hit')}</Badge>}
        </span>
      }
      text={t('headline', { time: format.dateTime(started_at), duration: format.duration(duration_ms) })}
    >
      <CopyButton text={id} label={t('copyId')} size="md" />
      {canReplay ? (
        <Button asChild variant="primary">
          <Link to="/playground" search={{ request: id }}>
            <RotateCcw /> {t('replay')}
          </Link>
        </Button>
      ) : (
        <Button disabled title={t('cannotReplay')}>
          <RotateCcw /> {t('replay')}
        </Button>
      )}
    </PageHeader>
  )
}

function About({ request }: { request: LoggedRequest }) {
  const { t } = useTranslation('requests')
  const format = useFormat()
  const mayDo = useMay()
  const { user_id, access_key, access_key_id, session, tags, guardrails, first_byte_ms } = request
  const userName = useUserNames(user_id != null)
  const idCode = <code className="font-mono text-xs break-all">{request.id}</code>
  const items: [ReactNode, ReactNode][] = [
    [t('fields.id'), idCode],
    [t('fields.operation'), request.operation],
    [
      t('fields.access_key'),
      access_key_id ? (
        <Link to="/access-keys/$id" params={{ id: access_key_id }} className="text-brand hover:underline">
          {access_key}
        </Link>
      ) : (
        access_key || '–'
      ),
    ],
  ]
  if (user_id) {
    const link = mayDo('users.read') ? (
      <Link to="/users/$id" params={{ id: user_id }} className="text-brand hover:underline">
        {userName(user_id)}
      </Link>
    ) : (
      userName(user_id)
    )
    items.push([t('fields.user'), link])
  }
  if (request.group) items.push([t('fields.group'), request.group])
  if (first_byte_ms != null) items.push([t('firstByte'), format.duration(first_byte_ms)])
  items.push([t('duration'), format.duration(request.duration_ms)])
  if (session) {
    const link = (
      <Link to="/requests" search={{ session, range: '7d' }} className="text-brand break-all hover:underline">
        {session}
      </Link>
    )
    items.push([t('fields.session'), link])
  }
  if (tags.length > 0) items.push([t('tags'), badges(tags)])
  if (guardrails.length > 0) items.push([t('guardrails'), badges(guardrails)])
  if (request.client_ip) items.push([t('fields.client_ip'), request.client_ip])
  return (
    <Panel title={t('about')}>
      <Facts items={items} />
    </Panel>
  )
}

function badges(words: string[]) {
  return (
    <span className="flex flex-wrap gap-1">
      {words.map((word) => (
        <Badge key={word}>{word}</Badge>
      ))}
    </span>
  )
}
