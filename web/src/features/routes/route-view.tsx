import { useBlocker } from '@tanstack/react-router'
import { RotateCcw } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { useConfirm } from '@/components/ui/confirm'
import { Select } from '@/components/ui/field'
import { CopyButton, Notice, PageHeader, Panel } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { AskAs } from './ask-as'
import { type Draft, draftOf, empty, isSame } from './draft'
import { Explanation } from './explanation'
import { OriginBadge } from './origin-badge'
import type { Route } from './queries'
import { RouteEditor } from './route-editor'
import type { RouteSearch } from './route-page'
import { Simulation } from './simulation'
import { useSave } from './use-save'

type Props = {
  model: string
  /** Null: nobody serves the name yet. */
  route: Route | null
  search: RouteSearch
  go: (part: RouteSearch) => void
}

export function RouteView({ model, route, search, go }: Props) {
  const { t } = useTranslation('routes')
  const may = useMay()
  const confirm = useConfirm()
  const saved = useMemo(() => (route ? draftOf(route) : empty), [route])
  const [draft, setDraft] = useState<Draft>()
  const dirty = draft !== undefined && !isSame(draft, saved)
  const { save, takeBack } = useSave(model, () => setDraft(undefined))
  const readOnly = !may('routes.write') || route?.origin === 'declared'
  const leave = () =>
    confirm({ title: t('leave.title'), text: t('leave.text', { model }), action: t('leave.action') })
  useBlocker({
    shouldBlockFn: async ({ current, next }) =>
      current.pathname !== next.pathname && dirty && !(await leave()),
    enableBeforeUnload: () => dirty,
  })
  const discard = () => {
    save.reset()
    setDraft(undefined)
  }
  return (
    <>
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            <span className="break-all">{model}</span> <CopyButton text={model} />
            {route ? <OriginBadge origin={route.origin} /> : null}
          </span>
        }
        text={t(`originTexts.${route?.origin ?? 'none'}`)}
      >
        {!readOnly && route?.origin === 'configured' && (
          <Button busy={takeBack.isPending} onClick={() => takeBack.mutate()}>
            <RotateCcw /> {t('takeBack')}
          </Button>
        )}
      </PageHeader>
      {route?.origin === 'declared' && (
        <Notice tone="neutral" className="mb-4">
          <strong className="font-medium">{t('declared')}.</strong> {t('declaredText')}
        </Notice>
      )}
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="min-w-0">
          <RouteEditor
            draft={draft ?? saved}
            readOnly={readOnly}
            shown={route?.tiers.flat() ?? []}
            error={save.error}
            onChange={setDraft}
          />
          {dirty && (
            <div
              role="region"
              aria-label={t('unsaved')}
              className="bg-surface border-line sticky bottom-3 z-10 mt-4 flex flex-wrap items-center gap-2 rounded-lg border px-4 py-3 shadow-lg"
            >
              <span className="flex-1 font-medium">{t('unsaved')}</span>
              <Button onClick={discard}>{t('discard')}</Button>
              <Button variant="primary" busy={save.isPending} onClick={() => save.mutate(draft)}>
                {t('save')}
              </Button>
            </div>
          )}
        </div>
        {route && <Outlook model={model} search={search} go={go} dirty={dirty} />}
      </div>
    </>
  )
}

const sizes = [100, 1000, 10_000, 100_000]

/** What would become of requests, by the route in force. */
function Outlook({
  model,
  search,
  go,
  dirty,
}: {
  model: string
  search: RouteSearch
  go: (part: RouteSearch) => void
  dirty: boolean
}) {
  const { t } = useTranslation('routes')
  const format = useFormat()
  const requests = search.requests ?? 1000
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Panel title={t('ask.title')}>
        <AskAs asked={search} onChange={go} />
        {dirty && <p className="text-warn mt-3 text-xs">{t('ask.saved')}</p>}
      </Panel>
      <Panel title={t('explain.title')}>
        <Explanation model={model} asked={search} />
      </Panel>
      <Panel
        title={t('simulate.title')}
        actions={
          <Select
            aria-label={t('simulate.requests')}
            className="w-auto"
            value={requests}
            onChange={(event) => go({ requests: Number(event.target.value) })}
          >
            {sizes.map((size) => (
              <option key={size} value={size}>
                {t('simulate.of', { requests: format.number(size) })}
              </option>
            ))}
          </Select>
        }
      >
        <Simulation model={model} asked={search} requests={requests} />
      </Panel>
    </div>
  )
}
