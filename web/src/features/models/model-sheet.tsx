import { useQuery } from '@tanstack/react-query'
import { RotateCcw, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Switch } from '@/components/ui/field'
import { Overlay } from '@/components/ui/overlay'
import { Loading } from '@/components/ui/states'
import { Facts, Notice } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { ModelNames } from './model-names'
import { ModelPrice } from './model-price'
import { ModelRoutes } from './model-routes'
import { ModelStatus } from './model-status'
import { overrideOf, overridesQuery } from './overrides'
import { type Model, modelQuery } from './queries'
import type { Changes } from './use-changes'

/** All that is known of one model. */
export function ModelSheet({ id, changes, close }: { id: string; changes: Changes; close: () => void }) {
  const { t } = useTranslation('models')
  const query = useQuery(modelQuery(id))
  const model = query.data
  return (
    <Overlay
      open
      onOpenChange={(open) => !open && close()}
      shape="sheet"
      title={<span className="break-all">{model?.public_name ?? t('model')}</span>}
      description={model && t('offeredBy', { provider: model.provider })}
    >
      <Loading query={query}>
        {(loaded) => <Content key={loaded.id} model={loaded} changes={changes} />}
      </Loading>
    </Overlay>
  )
}

function Content({ model, changes }: { model: Model; changes: Changes }) {
  const { t } = useTranslation('models')
  const may = useMay()
  const declared = model.origin === 'declared'
  const editable = may('models.write') && !declared
  const deleted = model.status === 'deleted'
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-center gap-3">
        <ModelStatus model={model} />
        {!deleted && (
          <label className="flex items-center gap-2">
            <Switch
              checked={model.enabled}
              disabled={!editable || changes.busy === model.id}
              onCheckedChange={(on) => changes.setEnabled(model, on)}
            />
            {t('serve')}
          </label>
        )}
        <span className="flex-1" />
        {editable &&
          (deleted ? (
            <Button size="sm" onClick={() => changes.setDeleted(model, false)}>
              <RotateCcw /> {t('restore')}
            </Button>
          ) : (
            <Button
              size="sm"
              variant="ghost"
              className="text-bad"
              onClick={() => changes.setDeleted(model, true)}
            >
              <Trash2 /> {t('delete')}
            </Button>
          ))}
      </div>
      <Why model={model} />
      {declared && (
        <Notice tone="neutral">
          <strong className="font-medium">{t('declared')}.</strong> {t('declaredText')}
        </Notice>
      )}
      <Part title={t('names')}>
        <ModelNames model={model} changes={changes} editable={editable && !deleted} />
      </Part>
      <Part title={t('routes')}>
        <ModelRoutes model={model} />
      </Part>
      <Part title={t('abilities')}>
        <Abilities model={model} />
      </Part>
      <Part title={t('price.title')}>
        <ModelPrice model={model} />
      </Part>
    </div>
  )
}

/** Why it is not served, and what becomes of it. */
function Why({ model }: { model: Model }) {
  const { t } = useTranslation('models')
  const format = useFormat()
  if (model.status === 'served') return null
  const since = model.missing_since ? format.dateTime(model.missing_since) : t('unknown')
  const tone = model.status === 'missing' ? 'warn' : 'neutral'
  return <Notice tone={tone}>{t(`why.${model.status}`, { provider: model.provider, since })}</Notice>
}

function Abilities({ model }: { model: Model }) {
  const { t } = useTranslation('models')
  const format = useFormat()
  const override = overrideOf(model, useQuery(overridesQuery).data ?? [])?.spec
  const none = <span className="text-ink-faint">{t('notTold')}</span>
  const tokens = (own: number | null | undefined, told: number | null | undefined) => {
    if (own != null) return `${format.number(own)} (${t('price.own')})`
    return told != null ? format.number(told) : none
  }
  const time = (at: string | null | undefined) => (at ? format.dateTime(at) : none)
  return (
    <Facts
      items={[
        [t('contextTokens'), tokens(override?.context_tokens, model.context_tokens)],
        [t('maxOutput'), tokens(override?.max_output_tokens, model.max_output_tokens)],
        ...(override?.tools == null ? [] : [[t('tools'), t(override.tools ? 'yes' : 'no')] satisfies Item]),
        [t('maker'), model.owned_by ?? none],
        [t('origin'), t(`modelOrigins.${model.origin}`)],
        [t('firstSeen'), time(model.first_seen)],
        [t('lastSeen'), time(model.last_seen)],
      ]}
    />
  )
}

type Item = [ReactNode, ReactNode]

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 font-semibold">{title}</h3>
      {children}
    </section>
  )
}
