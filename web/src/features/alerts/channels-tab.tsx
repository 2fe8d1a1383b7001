import { useQuery } from '@tanstack/react-query'
import { Megaphone, Pencil, Send, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { useConfirm } from '@/components/ui/confirm'
import { EmptyState, Loading } from '@/components/ui/states'
import { Badge, Card } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { api, body } from '@/lib/api'
import { useMay } from '@/lib/session'
import { Deliveries } from './deliveries'
import { type Channel, channelsQuery, rulesQuery, useAct } from './queries'

type Props = { onAdd: () => void; onEdit: (name: string) => void }

export function ChannelsTab({ onAdd, onEdit }: Props) {
  const { t } = useTranslation('alerts')
  const channels = useQuery(channelsQuery)
  const mayDo = useMay()
  return (
    <Card>
      <Loading query={channels}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon={Megaphone} title={t('noChannels')} text={t('noChannelsText')}>
              {mayDo('alerts.write') && (
                <Button variant="primary" onClick={onAdd}>
                  {t('addChannel')}
                </Button>
              )}
            </EmptyState>
          ) : (
            <ul className="divide-line divide-y">
              {items.map((channel) => (
                <ChannelLine key={channel.id} channel={channel} onEdit={onEdit} />
              ))}
            </ul>
          )
        }
      </Loading>
    </Card>
  )
}

function ChannelLine({ channel, onEdit }: { channel: Channel; onEdit: (name: string) => void }) {
  const { t } = useTranslation('alerts')
  const mayDo = useMay()
  const toast = useToast()
  const confirm = useConfirm()
  const { name, spec } = channel
  const rules = useQuery(rulesQuery).data ?? []
  const users = rules.filter((rule) => rule.spec.channels?.includes(name)).map((rule) => rule.name)
  const params = { path: { id: name } }
  const test = useAct(() => body(api.POST('/api/v1/alert-channels/{id}/test', { params })))
  const remove = useAct(
    () => api.DELETE('/api/v1/alert-channels/{id}', { params }),
    () => toast.done(t('channelDeleted', { name })),
  )
  const ask = async () => {
    const text =
      users.length > 0 ? t('deleteChannelUsed', { rules: users.join(', ') }) : t('deleteChannelText')
    if (await confirm({ title: t('deleteChannel', { name }), text, action: t('delete') }))
      remove.mutate(undefined)
  }
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3.5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium break-words">{name}</span>
          <Badge>{t(`kind.${spec.kind}`)}</Badge>
          {!channel.editable && <Badge>{t('declared')}</Badge>}
        </p>
        <p className="text-ink-soft mt-1 text-xs break-words">
          {spec.kind === 'email' ? (spec.to ?? []).join(', ') : t('addressKept')}
          {channel.secrets.includes('/secret') && ` · ${t('signed')}`}
          {' · '}
          {users.length > 0 ? t('usedBy', { rules: users.join(', ') }) : t('usedByNone')}
        </p>
        {test.data && (
          <div className="mt-2" role="status">
            <Deliveries deliveries={[test.data]} />
          </div>
        )}
      </div>
      {mayDo('alerts.write') && (
        <div className="flex gap-1">
          <Button size="sm" busy={test.isPending} onClick={() => test.mutate(undefined)}>
            {!test.isPending && <Send />} {t('sendTest')}
          </Button>
          {channel.editable && (
            <>
              <Button
                size="icon-sm"
                variant="ghost"
                aria-label={t('editChannel', { name })}
                onClick={() => onEdit(name)}
              >
                <Pencil />
              </Button>
              <Button
                size="icon-sm"
                variant="ghost"
                aria-label={t('deleteChannel', { name })}
                busy={remove.isPending}
                onClick={() => void ask()}
              >
                <Trash2 />
              </Button>
            </>
          )}
        </div>
      )}
    </li>
  )
}
