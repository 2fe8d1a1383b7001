import { useTranslation } from 'react-i18next'
import { Field, Select } from '@/components/ui/field'
import { Notice, Panel } from '@/components/ui/surface'
import { ApiError, explain } from '@/lib/api'
import { type Draft, strategies } from './draft'
import { Fallbacks } from './fallbacks'
import type { ShownTarget } from './queries'
import { TiersEditor } from './tiers-editor'

type Props = {
  draft: Draft
  readOnly: boolean
  shown: ShownTarget[]
  error: unknown
  onChange: (draft: Draft) => void
}

/** Everything that a route says. */
export function RouteEditor({ draft, readOnly, shown, error, onChange }: Props) {
  const { t } = useTranslation('routes')
  const field = (name: string) => (error instanceof ApiError ? error.field(name) : undefined)
  return (
    <div className="flex flex-col gap-4">
      {Boolean(error) && <Notice tone="bad">{explain(error)}</Notice>}
      <Panel title={t('tiers')}>
        <p className="text-ink-soft mb-3">{t(readOnly ? 'tiersText' : 'tiersTextEdit')}</p>
        <TiersEditor draft={draft} readOnly={readOnly} shown={shown} onChange={onChange} />
      </Panel>
      <Panel title={t('choice')}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('strategy')} hint={t(`strategyHints.${draft.strategy}`)} error={field('strategy')}>
            <Select
              value={draft.strategy}
              disabled={readOnly}
              onChange={(event) => onChange({ ...draft, strategy: event.target.value })}
            >
              {strategies.map((name) => (
                <option key={name} value={name}>
                  {t(`strategies.${name}`)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t('lossy')} hint={t('lossyHint')} error={field('lossy')}>
            <Select
              value={draft.lossy ?? ''}
              disabled={readOnly}
              onChange={(event) => onChange({ ...draft, lossy: event.target.value || undefined })}
            >
              <option value="">{t('lossyDefault')}</option>
              <option value="warn">{t('lossyWarn')}</option>
              <option value="refuse">{t('lossyRefuse')}</option>
            </Select>
          </Field>
        </div>
      </Panel>
      <Panel title={t('fallbacks')}>
        <Fallbacks
          names={draft.fallbacks}
          readOnly={readOnly}
          error={field('fallbacks')}
          onChange={(fallbacks) => onChange({ ...draft, fallbacks })}
        />
      </Panel>
    </div>
  )
}
