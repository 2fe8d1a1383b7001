import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Switch } from '@/components/ui/field'
import { ErrorState, LoadingRows } from '@/components/ui/states'
import { Badge, Notice } from '@/components/ui/surface'
import { explain } from '@/lib/api'
import { useMay } from '@/lib/session'
import { useSettled } from '@/lib/settled'
import { useDoneWithUndo } from '@/lib/undo'
import { RenamePreview } from './rename-preview'
import { RuleRow } from './rule-row'
import { type NameRule, type Normalisation, previewOf, saveRules } from './rules'
import { useRefresh } from './use-changes'

type Keyed = { id: number; rule: NameRule }

const keyed = (rules: NameRule[]): Keyed[] => rules.map((rule, id) => ({ id, rule }))

export function RulesEditor({
  saved,
  editable,
  close,
}: {
  saved: Normalisation
  editable: boolean
  close: () => void
}) {
  const { t } = useTranslation('models')
  const may = useMay()
  const client = useQueryClient()
  const refresh = useRefresh()
  const doneWithUndo = useDoneWithUndo()
  const [switches, setSwitches] = useState({ enabled: saved.enabled, keep_original: saved.keep_original })
  const [rules, setRules] = useState(() => keyed(saved.rules))
  const readOnly = !editable || !may('settings.write')
  const settled = useSettled(rules, 400)
  const draft = { ...switches, rules: rules.map(({ rule }) => rule) }
  const preview = useQuery({
    ...previewOf({ ...switches, rules: settled.map(({ rule }) => rule) }),
    placeholderData: keepPreviousData,
  })
  const save = useMutation({
    mutationFn: (next: Normalisation | null) => saveRules(next),
    onSuccess: async () => {
      close()
      await Promise.all([client.invalidateQueries({ queryKey: ['settings'] }), refresh()])
      await doneWithUndo(t('ruleEditor.saved'))
    },
  })
  const change = (id: number, rule: NameRule) =>
    setRules((before) => before.map((item) => (item.id === id ? { id, rule } : item)))
  const move = (index: number, by: -1 | 1) =>
    setRules((before) => {
      const item = before[index]
      const rest = before.filter((_, at) => at !== index)
      return item ? [...rest.slice(0, index + by), item, ...rest.slice(index + by)] : before
    })
  const add = () =>
    setRules((before) => [
      ...before,
      {
        id: Math.max(0, ...before.map(({ id }) => id)) + 1,
        rule: { name: t('ruleEditor.new'), kind: 'replace', pattern: '', enabled: true },
      },
    ])
  return (
    <div className="flex flex-col gap-5">
      {readOnly && (
        <Notice tone="neutral">{t(editable ? 'ruleEditor.forbidden' : 'ruleEditor.declared')}</Notice>
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={t('ruleEditor.enabled')} hint={t('ruleEditor.enabledHint')}>
          <Switch
            checked={switches.enabled}
            disabled={readOnly}
            onCheckedChange={(enabled) => setSwitches({ ...switches, enabled })}
          />
        </Field>
        <Field label={t('ruleEditor.keep')} hint={t('ruleEditor.keepHint')}>
          <Switch
            checked={switches.keep_original}
            disabled={readOnly}
            onCheckedChange={(keep_original) => setSwitches({ ...switches, keep_original })}
          />
        </Field>
      </div>
      <section>
        <h3 className="font-semibold">{t('ruleEditor.rules')}</h3>
        <ol className="divide-line mt-1 divide-y">
          {rules.map(({ id, rule }, index) => (
            <RuleRow
              key={id}
              rule={rule}
              readOnly={readOnly}
              onChange={(next) => change(id, next)}
              onMove={(by) => index + by >= 0 && move(index, by)}
              onRemove={() => setRules((before) => before.filter((item) => item.id !== id))}
            />
          ))}
        </ol>
        {!readOnly && (
          <div className="mt-2 flex flex-wrap gap-2">
            <Button size="sm" onClick={add}>
              <Plus /> {t('ruleEditor.add')}
            </Button>
            <Button size="sm" variant="ghost" busy={save.isPending} onClick={() => save.mutate(null)}>
              <RotateCcw /> {t('ruleEditor.defaults')}
            </Button>
          </div>
        )}
      </section>
      {save.error && <Notice tone="bad">{explain(save.error)}</Notice>}
      {!readOnly && (
        <div className="flex justify-end gap-2">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button
            variant="primary"
            busy={save.isPending}
            disabled={JSON.stringify(draft) === JSON.stringify(saved)}
            onClick={() => save.mutate(draft)}
          >
            {t('save')}
          </Button>
        </div>
      )}
      <section aria-busy={preview.isFetching}>
        <h3 className="mb-2 font-semibold">{t('ruleEditor.preview')}</h3>
        {preview.isError ? (
          <ErrorState error={preview.error} />
        ) : preview.data ? (
          <RenamePreview
            unchanged={preview.data.unchanged}
            merges={preview.data.merges}
            rows={preview.data.renamings.map(({ provider, model, name, applied, kept }) => ({
              key: `${provider}\n${model}`,
              provider,
              model,
              before: model,
              after: name,
              note: kept ? (
                <Badge tone="neutral">{t('preview.kept')}</Badge>
              ) : (
                <span className="text-ink-faint text-xs">{applied.join(', ')}</span>
              ),
            }))}
          />
        ) : (
          <LoadingRows rows={4} />
        )}
      </section>
    </div>
  )
}
