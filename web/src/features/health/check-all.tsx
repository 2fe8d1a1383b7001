import { useMutation, useQueryClient } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { useToast } from '@/components/ui/toast'
import { api, body } from '@/lib/api'
import { hasEnded, useJob } from '@/lib/jobs'

/** Checks all providers, and says how far that is. */
export function CheckAll() {
  const { t } = useTranslation('health')
  const client = useQueryClient()
  const toast = useToast()
  const [id, setId] = useState<string>()
  const job = useJob(id).data
  const start = useMutation({
    mutationFn: () => body(api.POST('/api/v1/health/check-all')),
    onSuccess: ({ job_id }) => setId(job_id),
    onError: (error) => toast.failed(error),
  })
  const state = job?.state
  // The job's end comes from the server, whenever that is.
  useEffect(() => {
    if (state === undefined || state === 'waiting' || state === 'running') return
    void client.invalidateQueries({ queryKey: ['health'] })
  }, [state, client])
  const running = start.isPending || (id !== undefined && !(job && hasEnded(job)))
  const { done, total } = job?.progress ?? {}
  return (
    <Button busy={running} onClick={() => start.mutate()}>
      {!running && <RefreshCw />}
      <span aria-live="polite">
        {running && done !== undefined && total ? t('checking', { done, total }) : t('checkAll')}
      </span>
    </Button>
  )
}
