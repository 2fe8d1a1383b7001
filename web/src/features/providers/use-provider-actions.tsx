import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useConfirm } from '@/components/ui/confirm'
import { useToast } from '@/components/ui/toast'
import { api, body } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useDoneWithUndo } from '@/lib/undo'
import { useRefresh } from './queries'
import { type Provider, asBody } from './spec'

/** What can be done with a provider from its list and from its page. */
export function useProviderActions() {
  const { t } = useTranslation('providers')
  const toast = useToast()
  const confirm = useConfirm()
  const format = useFormat()
  const refresh = useRefresh()
  const done = useDoneWithUndo()
  const at = (provider: Provider) => ({ params: { path: { id: provider.name } } })

  const test = useMutation({
    mutationFn: (provider: Provider) => body(api.POST('/api/v1/providers/{id}/test', at(provider))),
    onSuccess: (tested, { name }) => {
      void refresh()
      const slowest = Math.max(0, ...tested.checks.map(({ latency_ms }) => latency_ms))
      if (tested.works) toast.done(t('check.works', { name }), { text: format.duration(slowest) })
      else toast.failed(new Error(tested.reason ?? t(`status.${tested.status}`)), t('check.failed', { name }))
    },
    onError: (error) => toast.failed(error),
  })

  const sync = useMutation({
    mutationFn: (provider: Provider) => body(api.POST('/api/v1/providers/{id}/sync-models', at(provider))),
    onSuccess: ({ added, removed, unchanged }, { name }) => {
      void refresh()
      toast.done(t('synced', { name }), {
        text: t('syncedText', { added: added.length, removed: removed.length, unchanged }),
      })
    },
    onError: (error) => toast.failed(error),
  })

  const toggle = useMutation({
    mutationFn: ({ provider, enabled }: { provider: Provider; enabled: boolean }) =>
      body(
        api.PATCH('/api/v1/providers/{id}', {
          ...at(provider),
          body: asBody({ enabled: enabled ? null : false }),
        }),
      ),
    onSuccess: ({ name }, { enabled }) => {
      void refresh()
      void done(t(enabled ? 'nowEnabled' : 'nowDisabled', { name }))
    },
    onError: (error) => toast.failed(error),
  })

  const remove = async (provider: Provider): Promise<boolean> => {
    const { name, keys, models } = provider
    const sure = await confirm({
      title: t('deleteTitle', { name }),
      text: t('deleteText', { keys: format.number(keys.total), models: format.number(models ?? 0) }),
      action: t('delete'),
    })
    if (!sure) return false
    try {
      await api.DELETE('/api/v1/providers/{id}', at(provider))
    } catch (error) {
      toast.failed(error)
      return false
    }
    void refresh()
    await done(t('deleted', { name }))
    return true
  }

  return { test, sync, toggle, remove }
}
