import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { useConfirm } from '@/components/ui/confirm'
import { Hint } from '@/components/ui/menu'
import { Badge } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { api } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { type Token, timeLeft } from './queries'

const shown = 4

export function TokenLine({ token }: { token: Token }) {
  const { t } = useTranslation('tokens')
  const format = useFormat()
  const client = useQueryClient()
  const toast = useToast()
  const confirm = useConfirm()
  const { id, name, scopes, expires_at: end } = token
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } }),
    onSuccess: () => toast.done(t('deleted', { name })),
    onError: (error) => toast.failed(error),
    onSettled: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  })
  const ask = async () => {
    const question = { title: t('deleteTitle', { name }), text: t('deleteText'), action: t('delete') }
    if (await confirm(question)) remove.mutate()
  }
  return (
    <li className="flex items-start gap-3 px-4 py-3.5">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="min-w-0 font-medium break-words">{name}</span>
          <code className="text-ink-soft font-mono text-xs">{token.masked_token}</code>
          <Expiry end={end} />
        </p>
        <p className="mt-1.5 flex flex-wrap gap-1">
          {scopes == null ? (
            <Badge tone="warn">{t('everything')}</Badge>
          ) : (
            <>
              {scopes.slice(0, shown).map((scope) => (
                <Badge key={scope}>{scope}</Badge>
              ))}
              {scopes.length > shown && (
                <Hint text={scopes.slice(shown).join(', ')}>
                  <button type="button">
                    <Badge>{t('moreScopes', { count: scopes.length - shown })}</Badge>
                  </button>
                </Hint>
              )}
              {scopes.length === 0 && <Badge>{t('nothing')}</Badge>}
            </>
          )}
        </p>
        <p className="text-ink-faint mt-1.5 text-xs">
          {t('made', { time: format.date(token.created_at) })}
          {' · '}
          {token.last_used_at ? t('used', { ago: format.ago(token.last_used_at) }) : t('neverUsed')}
        </p>
      </div>
      <Button
        size="icon-sm"
        variant="ghost"
        aria-label={t('deleteTitle', { name })}
        busy={remove.isPending}
        onClick={() => void ask()}
      >
        {!remove.isPending && <Trash2 />}
      </Button>
    </li>
  )
}

const soon = 7 * 86_400_000

function Expiry({ end }: { end: string | null | undefined }) {
  const { t } = useTranslation('tokens')
  const format = useFormat()
  if (!end) return <Badge>{t('forEver')}</Badge>
  const left = timeLeft(end)
  if (left <= 0) return <Badge tone="bad">{t('expired', { ago: format.ago(end) })}</Badge>
  return <Badge tone={left < soon ? 'warn' : 'neutral'}>{t('expires', { ago: format.ago(end) })}</Badge>
}
