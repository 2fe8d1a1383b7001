import { useMutation, useQuery, keepPreviousData } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input, Select } from '@/components/ui/field'
import { Overlay } from '@/components/ui/overlay'
import { ErrorState, LoadingRows } from '@/components/ui/states'
import { Notice } from '@/components/ui/surface'
import { useSettled } from '@/lib/settled'
import { useDoneWithUndo } from '@/lib/undo'
import { explain } from '@/lib/api'
import { type Action, type Pick, type Rule, changeMany, isComplete } from './batch'
import { RenamePreview } from './rename-preview'
import { useRefresh } from './use-changes'

const actions: Action[] = ['rename', 'add_prefix', 'strip_prefix', 'strip_date', 'normalise', 'reset_name']

type Props = { pick: Pick; count: number; close: () => void; onDone: () => void }

/** Renames many models by a rule; what it would do is shown while the rule is written. */
export function BatchRename({ pick, count, close, onDone }: Props) {
  const { t } = useTranslation('models')
  const [rule, setRule] = useState<Rule>({ action: 'rename', pattern: '^[^/]+/(.+)$', with: '$1' })
  const settled = useSettled(rule, 300)
  const refresh = useRefresh()
  const doneWithUndo = useDoneWithUndo()
  const preview = useQuery({
    queryKey: ['models', 'dry-run', pick, settled],
    queryFn: ({ signal }) => changeMany(pick, settled, true, signal),
    enabled: isComplete(settled),
    placeholderData: keepPreviousData,
  })
  const apply = useMutation({
    mutationFn: () => changeMany(pick, rule, false),
    onSuccess: async ({ changes }) => {
      close()
      onDone()
      await refresh()
      await doneWithUndo(t('batch.done.rename', { count: changes.length }))
    },
  })
  const outcome = preview.isError || !isComplete(rule) ? undefined : preview.data
  const set = (part: Partial<Rule>) => setRule((before) => ({ ...before, ...part }))
  const prefixed = rule.action === 'add_prefix' || rule.action === 'strip_prefix'
  return (
    <Overlay
      open
      onOpenChange={(open) => !open && close()}
      size="lg"
      title={t('batch.renameTitle', { count })}
      description={t('batch.renameText')}
      footer={
        <>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button
            variant="primary"
            busy={apply.isPending}
            disabled={!outcome?.changes.length || settled !== rule}
            onClick={() => apply.mutate()}
          >
            {t('batch.renameAction', { count: outcome?.changes.length ?? 0 })}
          </Button>
        </>
      }
    >
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label={t('batch.rule')} hint={t(`rules.${rule.action}Hint`)} className="sm:col-span-3">
          <Select
            value={rule.action}
            onChange={(event) => {
              const action = actions.find((name) => name === event.target.value)
              if (action) setRule({ action, ...(action === 'rename' ? { pattern: '', with: '' } : {}) })
            }}
          >
            {actions.map((action) => (
              <option key={action} value={action}>
                {t(`rules.${action}`)}
              </option>
            ))}
          </Select>
        </Field>
        {rule.action === 'rename' && (
          <>
            <Field label={t('batch.pattern')} className="sm:col-span-2">
              <Input
                className="font-mono"
                value={rule.pattern ?? ''}
                spellCheck={false}
                placeholder="^[^/]+/(.+)$"
                onChange={(event) => set({ pattern: event.target.value })}
              />
            </Field>
            <Field label={t('batch.with')}>
              <Input
                className="font-mono"
                value={rule.with ?? ''}
                spellCheck={false}
                placeholder="$1"
                onChange={(event) => set({ with: event.target.value })}
              />
            </Field>
          </>
        )}
        {prefixed && (
          <Field label={t('batch.prefix')} className="sm:col-span-3">
            <Input
              className="font-mono"
              value={rule.prefix ?? ''}
              spellCheck={false}
              placeholder="openai/"
              onChange={(event) => set({ prefix: event.target.value })}
            />
          </Field>
        )}
      </div>
      <section aria-label={t('batch.preview')} aria-busy={preview.isFetching} className="mt-4 min-h-48">
        {apply.error && (
          <Notice tone="bad" className="mb-3">
            {explain(apply.error)}
          </Notice>
        )}
        {isComplete(rule) && preview.isError && <ErrorState error={preview.error} />}
        {isComplete(rule) && preview.isPending && <LoadingRows rows={4} />}
        {outcome && (
          <RenamePreview
            rows={outcome.changes.map(({ id, provider, model, names_before, names_after }) => ({
              key: id,
              provider,
              model,
              before: names_before.join(', ') || model,
              after: names_after.join(', '),
            }))}
            unchanged={outcome.unchanged}
            merges={outcome.merges}
            skipped={outcome.skipped}
          />
        )}
      </section>
    </Overlay>
  )
}
