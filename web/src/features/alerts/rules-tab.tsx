import { useQuery } from '@tanstack/react-query'
import { BellRing, Ellipsis, Pencil, Send, Trash2, BellOff, History } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Switch } from '@/components/ui/field'
import { Menu, MenuItem, MenuSeparator } from '@/components/ui/menu'
import { EmptyState, Loading } from '@/components/ui/states'
import { Badge, Card } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { api, body } from '@/lib/api'
import { useMay } from '@/lib/session'
import { type Rule, rulesQuery, useAct } from './queries'
import { sentenceOf, spanInWords } from './rule-words'

type Props = {
  onAdd: () => void
  onEdit: (name: string) => void
  onSilence: (alert: string) => void
  onEvents: (alert: string) => void
}

export function RulesTab(props: Props) {
  const { t } = useTranslation('alerts')
  const rules = useQuery(rulesQuery)
  const mayDo = useMay()
  return (
    <Card>
      <Loading query={rules}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon={BellRing} title={t('noRules')} text={t('noRulesText')}>
              {mayDo('alerts.write') && (
                <Button variant="primary" onClick={props.onAdd}>
                  {t('addRule')}
                </Button>
              )}
            </EmptyState>
          ) : (
            <ul className="divide-line divide-y">
              {items.map((rule) => (
                <RuleLine key={rule.id} rule={rule} {...props} />
              ))}
            </ul>
          )
        }
      </Loading>
    </Card>
  )
}

function RuleLine({ rule, onEdit, onSilence, onEvents }: Props & { rule: Rule }) {
  const { t } = useTranslation('alerts')
  const mayDo = useMay()
  const { spec, name } = rule
  const enabled = spec.enabled ?? true
  const channels = spec.channels ?? []
  const write = mayDo('alerts.write')
  const params = { path: { id: name } }
  const toggle = useAct((next: boolean) =>
    api.PATCH('/api/v1/alerts/{id}', { params, body: { name, when: spec.when, enabled: next } }),
  )
  return (
    <li className="flex items-start gap-3 px-4 py-3.5">
      <Switch
        className="mt-0.5"
        aria-label={t('watched', { name })}
        checked={toggle.isPending ? toggle.variables : enabled}
        disabled={!write || !rule.editable || toggle.isPending}
        onCheckedChange={(next) => toggle.mutate(next)}
      />
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{sentenceOf(spec, t)}</p>
        <p className="text-ink-soft mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs">
          <span className="font-mono">{name}</span>
          {(spec.only ?? []).map((only) => (
            <Badge key={only}>{t('onlyOne', { only })}</Badge>
          ))}
          {Number.parseFloat(String(spec.hold ?? 0)) > 0 && (
            <span>{t('held', { span: spanInWords(spec.hold ?? 0, t) })}</span>
          )}
          {channels.length === 0 ? (
            <Badge tone="warn">{t('noChannelOfRule')}</Badge>
          ) : (
            <span>{t('tells', { channels: channels.join(', ') })}</span>
          )}
          {!rule.editable && <Badge>{t('declared')}</Badge>}
        </p>
      </div>
      <RuleMenu rule={rule} onEdit={onEdit} onSilence={onSilence} onEvents={onEvents} />
    </li>
  )
}

function RuleMenu({ rule, onEdit, onSilence, onEvents }: Omit<Props, 'onAdd'> & { rule: Rule }) {
  const { t } = useTranslation('alerts')
  const toast = useToast()
  const mayDo = useMay()
  const { name, spec } = rule
  const params = { path: { id: name } }
  const bring = useAct(() => api.POST('/api/v1/alerts', { body: { ...spec, name } }))
  const remove = useAct(
    () => api.DELETE('/api/v1/alerts/{id}', { params }),
    () => toast.done(t('ruleDeleted', { name }), { undo: () => bring.mutate(undefined) }),
  )
  const test = useAct(
    () => body(api.POST('/api/v1/alerts/{id}/test', { params })),
    ({ works, deliveries }) => {
      const failed = deliveries.filter(({ state }) => state !== 'sent')
      if (works) toast.done(t('testSent'))
      else
        toast.failed(
          failed.map(({ channel, error }) => `${channel}: ${error ?? ''}`).join(' · '),
          t('testFailed'),
        )
    },
  )
  const write = mayDo('alerts.write')
  return (
    <Menu
      trigger={
        <Button variant="ghost" size="icon-sm" aria-label={t('actionsOf', { name })} busy={test.isPending}>
          {!test.isPending && <Ellipsis />}
        </Button>
      }
    >
      {write && (
        <>
          <MenuItem disabled={!rule.editable} onSelect={() => onEdit(name)}>
            <Pencil /> {t('edit')}
          </MenuItem>
          <MenuItem disabled={(spec.channels ?? []).length === 0} onSelect={() => test.mutate(undefined)}>
            <Send /> {t('sendTest')}
          </MenuItem>
          <MenuItem onSelect={() => onSilence(name)}>
            <BellOff /> {t('silence')}
          </MenuItem>
        </>
      )}
      <MenuItem onSelect={() => onEvents(name)}>
        <History /> {t('tab.events')}
      </MenuItem>
      {write && (
        <>
          <MenuSeparator />
          <MenuItem danger disabled={!rule.editable} onSelect={() => remove.mutate(undefined)}>
            <Trash2 /> {t('delete')}
          </MenuItem>
        </>
      )}
    </Menu>
  )
}
