import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { LogOut, Monitor } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { useConfirm } from '@/components/ui/confirm'
import { Loading } from '@/components/ui/states'
import { Badge, Panel } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { type Schema, api, body } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { agentOf } from './agent'

type Session = Schema<'Page_ShownSession'>['items'][number]

/** Where one is logged in. */
export function Sessions() {
  const { t } = useTranslation('account')
  const confirm = useConfirm()
  const query = useQuery({
    queryKey: ['sessions'],
    queryFn: async () => (await body(api.GET('/api/v1/auth/sessions'))).items,
  })
  const all = useEnd(() => api.DELETE('/api/v1/auth/sessions'), t('othersEnded'))
  const ask = async () => {
    if (await confirm({ title: t('endOthers'), text: t('endOthersText'), action: t('endOthers') }))
      all.mutate()
  }
  return (
    <Panel
      title={t('sessions')}
      className="max-w-3xl"
      actions={
        <Button
          size="sm"
          busy={all.isPending}
          disabled={(query.data?.length ?? 0) < 2}
          onClick={() => void ask()}
        >
          {!all.isPending && <LogOut />} {t('endOthers')}
        </Button>
      }
    >
      <Loading query={query}>
        {(sessions) => (
          <ul className="divide-line -my-3 divide-y">
            {sessions.map((session) => (
              <SessionLine key={session.id} session={session} />
            ))}
          </ul>
        )}
      </Loading>
    </Panel>
  )
}

function useEnd(end: () => Promise<unknown>, said: string) {
  const client = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: end,
    onSuccess: () => toast.done(said),
    onError: (error) => toast.failed(error),
    onSettled: () => client.invalidateQueries({ queryKey: ['sessions'] }),
  })
}

function SessionLine({ session }: { session: Session }) {
  const { t } = useTranslation('account')
  const format = useFormat()
  const end = useEnd(
    () => api.DELETE('/api/v1/auth/sessions/{id}', { params: { path: { id: session.id } } }),
    t('sessionEnded'),
  )
  return (
    <li className="flex items-center gap-3 py-3">
      <Monitor className="text-ink-faint size-5 shrink-0" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 truncate font-medium" title={session.user_agent ?? undefined}>
            {agentOf(session.user_agent) ?? t('unknownDevice')}
          </span>
          {session.current && <Badge tone="good">{t('thisOne')}</Badge>}
        </p>
        <p className="text-ink-faint text-xs">
          {session.address && `${session.address} · `}
          {t('begun', { time: format.dateTime(session.created_at) })}
          {' · '}
          {t('lastUsed', { ago: format.ago(session.last_used_at) })}
        </p>
      </div>
      {!session.current && (
        <Button size="sm" busy={end.isPending} onClick={() => end.mutate()}>
          {t('endSession')}
        </Button>
      )}
    </li>
  )
}
