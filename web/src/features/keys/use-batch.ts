import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useToast } from '@/components/ui/toast'
import { type Schema, api, body } from '@/lib/api'
import { type Filter, useKeyChanges } from './queries'

export type Verb = Schema<'Verb'>
export type Meant = { ids: string[] } | { filter: Filter }

/** Does something with many keys: at once, or as a job that is then shown. */
export function useBatch(provider: string, onJob: (id: string) => void) {
  const { t } = useTranslation('keys')
  const toast = useToast()
  const changes = useKeyChanges(provider)
  return useMutation({
    mutationFn: ({ action, meant, to }: { action: Verb; meant: Meant; to?: string }) =>
      body(
        api.POST('/api/v1/providers/{id}/keys/batch', {
          params: { path: { id: provider } },
          body: { action, to, ...meant },
        }),
      ),
    onSuccess: (answer, { action }) => {
      if ('job_id' in answer) return onJob(answer.job_id)
      changes.many()
      const { works, refused, unclear, changed, skipped } = answer
      toast.done(t(`batchDone.${action}`, { count: changed }), {
        text:
          action === 'test'
            ? t('batchTested', { works, refused, unclear })
            : skipped > 0
              ? t('batchSkipped', { count: skipped })
              : undefined,
      })
    },
    onError: (error) => toast.failed(error),
  })
}
