import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Pencil, Plus, ShieldCheck, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { useConfirm } from '@/components/ui/confirm'
import { Switch } from '@/components/ui/field'
import { EmptyState, Loading } from '@/components/ui/states'
import { Badge, Card, PageHeader } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { api, body } from '@/lib/api'
import { useMay } from '@/lib/session'
import { type Guardrail, judgeOf } from './draft'
import { GuardrailDialog } from './guardrail-dialog'
import { GuardrailTest } from './guardrail-test'

type Props = { open: string | undefined; onOpen: (name: string | undefined) => void }

/** What is looked for in questions and answers. `open` is the guardrail that is edited; empty is a new one. */
export function GuardrailList({ open, onOpen }: Props) {
  const { t } = useTranslation('guardrails')
  const may = useMay()('settings.write')
  const found = useQuery({ queryKey: ['guardrails'], queryFn: () => body(api.GET('/api/v1/guardrails')) })
  const add = may && (
    <Button variant="primary" onClick={() => onOpen('')}>
      <Plus /> {t('add')}
    </Button>
  )
  const edited = found.data?.items.find(({ name }) => name === open)
  return (
    <>
      <PageHeader title={t('title')} text={t('text')}>
        {add}
      </PageHeader>
      <div className="grid gap-4 xl:grid-cols-[2fr_1fr]">
        <Card className="self-start">
          <Loading query={found}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState icon={ShieldCheck} title={t('emptyTitle')} text={t('emptyText')}>
                  {add}
                </EmptyState>
              ) : (
                <ul>
                  {items.map((guardrail) => (
                    <Row
                      key={guardrail.name}
                      guardrail={guardrail}
                      may={may}
                      onEdit={() => onOpen(guardrail.name)}
                    />
                  ))}
                </ul>
              )
            }
          </Loading>
        </Card>
        <div>
          <GuardrailTest />
        </div>
      </div>
      {(open === '' || edited) && (
        <GuardrailDialog key={open} guardrail={edited} onClose={() => onOpen(undefined)} />
      )}
    </>
  )
}

function Row({ guardrail, may, onEdit }: { guardrail: Guardrail; may: boolean; onEdit: () => void }) {
  const { t } = useTranslation('guardrails')
  const client = useQueryClient()
  const confirm = useConfirm()
  const toast = useToast()
  const { name, spec, source } = guardrail
  const path = { params: { path: { name } } }
  const options = {
    onSuccess: () => void client.invalidateQueries({ queryKey: ['guardrails'] }),
    onError: (error: Error) => toast.failed(error),
  }
  const toggle = useMutation({
    mutationFn: (enabled: boolean) =>
      api.PATCH('/api/v1/guardrails/{name}', { ...path, body: { name, enabled } }),
    ...options,
  })
  const remove = useMutation({ mutationFn: () => api.DELETE('/api/v1/guardrails/{name}', path), ...options })
  const ask = async () => {
    if (await confirm({ title: t('deleteTitle', { name }), text: t('deleteText'), action: t('delete') }))
      remove.mutate()
  }
  const judge = judgeOf(spec)
  const mine = source === 'console' && may
  const stages = spec.stages ?? ['request', 'answer']
  return (
    <li className="border-line flex flex-wrap items-center gap-3 border-b px-4 py-3 last:border-b-0">
      <Switch
        aria-label={t('enabledOf', { name })}
        checked={spec.enabled ?? true}
        disabled={!mine}
        onCheckedChange={(enabled) => toggle.mutate(enabled)}
      />
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-2 font-medium">
          {name} <Badge>{t(judge)}</Badge>
          {source !== 'console' && <Badge>{t('declared')}</Badge>}
        </div>
        <div className="text-ink-faint text-xs">
          {stages.map((stage) => t(stage === 'request' ? 'onRequest' : 'onAnswer')).join(' · ')}
          {' · '}
          {judge === 'patterns'
            ? t('patternCount', { count: spec.patterns?.length ?? 0 })
            : (spec.moderation?.model ?? spec.endpoint?.url)}
          {' · '}
          {spec.access_keys ? spec.access_keys.join(', ') : t('everyKey')}
        </div>
      </div>
      {mine && (
        <>
          <Button variant="ghost" size="icon" aria-label={t('editTitle', { name })} onClick={onEdit}>
            <Pencil />
          </Button>
          <Button variant="ghost" size="icon" aria-label={t('deleteOf', { name })} onClick={() => void ask()}>
            <Trash2 />
          </Button>
        </>
      )}
    </li>
  )
}
