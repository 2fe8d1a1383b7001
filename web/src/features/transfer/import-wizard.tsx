import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { useConfirm } from '@/components/ui/confirm'
import { Notice } from '@/components/ui/surface'
import { explain } from '@/lib/api'
import { newestRevision } from '@/lib/use-undo-revision'
import { type Format, type Plan, emptyPlan, runImport, sources } from './data'
import { ImportDone } from './import-done'
import { OutcomeView } from './outcome-view'
import { SourceForm, key } from './source-form'
import { Steps } from './steps'

type Props = { format: Format; onFormat: (format: Format) => void }

/** From a file or address, over what it would do, to what it did. */
export function ImportWizard({ format, onFormat }: Props) {
  const { t } = useTranslation('transfer')
  const confirm = useConfirm()
  const queryClient = useQueryClient()
  const [plan, setPlan] = useState<Plan>({ ...emptyPlan, way: sources[format].ways[0] ?? 'file' })
  const preview = useMutation({ mutationFn: () => runImport(format, plan, true) })
  const act = useMutation({
    mutationFn: async () => {
      const outcome = await runImport(format, plan, false)
      return { outcome, revision: await newestRevision() }
    },
    onSuccess: () => queryClient.invalidateQueries(),
  })
  const choose = (next: Format) => {
    setPlan({ ...emptyPlan, way: sources[next].ways[0] ?? 'file' })
    preview.reset()
    onFormat(next)
  }
  const restart = () => {
    setPlan({ ...emptyPlan, way: sources[format].ways[0] ?? 'file' })
    preview.reset()
    act.reset()
  }
  const start = async () => {
    const removed = preview.data?.objects.filter(({ what }) => what === 'removed').length ?? 0
    const question = {
      title: t('replace.title'),
      text: t('replace.text', { count: removed }),
      action: t('replace.action'),
    }
    if (removed === 0 || (await confirm(question))) act.mutate()
  }
  const step = act.data ? 3 : preview.data ? 2 : 1
  const changes =
    preview.data &&
    (preview.data.objects.some(({ what }) => ['created', 'changed', 'removed'].includes(what)) ||
      preview.data.keys.some(({ added }) => added > 0))
  return (
    <>
      <Steps current={step} />
      {step === 1 && (
        <SourceForm
          format={format}
          onFormat={choose}
          plan={plan}
          onPlan={setPlan}
          onPreview={() => preview.mutate()}
          busy={preview.isPending}
          error={preview.error}
        />
      )}
      {step === 2 && preview.data && (
        <div className="flex flex-col gap-4">
          <div className="flex flex-wrap items-center gap-2">
            <h2 className="flex-1 basis-60 text-base font-semibold">
              {t('wouldDo', { format: t(`formats.${key(format)}.name`) })}
            </h2>
            <Button onClick={() => preview.reset()}>{t('back')}</Button>
            <Button variant="primary" disabled={!changes} busy={act.isPending} onClick={() => void start()}>
              {t('importNow')}
            </Button>
          </div>
          {act.error && (
            <Notice tone="bad" className="whitespace-pre-line">
              {explain(act.error)}
            </Notice>
          )}
          {!changes && <Notice>{t('nothingNew')}</Notice>}
          <OutcomeView outcome={preview.data} />
        </div>
      )}
      {act.data && <ImportDone outcome={act.data.outcome} revision={act.data.revision} onAgain={restart} />}
    </>
  )
}
