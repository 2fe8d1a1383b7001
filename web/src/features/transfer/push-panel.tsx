import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Code, Notice, Panel } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { ApiError, api, body, explain } from '@/lib/api'
import { Notes } from './notes'

const examples = {
  'gpt-load': `export:
  gpt_load:
    url: http://gpt-load:3001
    auth_key: \${GPT_LOAD_AUTH_KEY}
    in_step: true`,
  'uni-api': `export:
  uni_api:
    file: /srv/uni-api/api.yaml
    in_step: true`,
}
type Target = keyof typeof examples

/** Makes another gateway what is in force here, after showing what that means. */
export function PushPanel() {
  const { t } = useTranslation('transfer')
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-soft max-w-3xl">{t('push.text')}</p>
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <PushTo target="gpt-load" />
        <PushTo target="uni-api" />
      </div>
    </div>
  )
}

function PushTo({ target }: { target: Target }) {
  const { t } = useTranslation('transfer')
  const toast = useToast()
  const run = (dry_run: boolean) =>
    body(api.POST('/api/v1/config/export', { params: { query: { format: target, dry_run } } }))
  const check = useMutation({ mutationFn: () => run(true) })
  const push = useMutation({
    mutationFn: () => run(false),
    onSuccess: (result) => {
      toast.done(t('push.done', { target, count: result.steps.length }))
      check.reset()
    },
  })
  const error = push.error ?? check.error
  const isUnset = error instanceof ApiError && error.problem.code === 'no_export_target'
  const shown = check.data
  return (
    <Panel title={t(`push.${target}.name`)}>
      <div className="flex flex-col gap-4">
        <p className="text-ink-soft">{t(`push.${target}.text`)}</p>
        {isUnset ? (
          <>
            <Notice tone="warn">{t('push.unset')}</Notice>
            <Code text={examples[target]} />
          </>
        ) : (
          error && (
            <Notice tone="bad" className="whitespace-pre-line">
              {explain(error)}
            </Notice>
          )
        )}
        {shown && shown.steps.length === 0 && <Notice tone="good">{t('push.same')}</Notice>}
        {shown && shown.steps.length > 0 && (
          <>
            <p>{t('push.steps', { count: shown.steps.length })}</p>
            <Code text={shown.steps.join('\n')} />
          </>
        )}
        {shown && <Notes notes={shown.notes} />}
        <div className="flex flex-wrap gap-2">
          <Button busy={check.isPending} onClick={() => check.mutate()}>
            {t('push.check')}
          </Button>
          {shown && shown.steps.length > 0 && (
            <Button variant="primary" busy={push.isPending} onClick={() => push.mutate()}>
              {t('push.action')}
            </Button>
          )}
        </div>
      </div>
    </Panel>
  )
}
