import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConfirm } from '@/components/ui/confirm'
import { useToast } from '@/components/ui/toast'
import { api, body } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { type Key, useKeyChanges } from './queries'

/** What can be done with one key. */
export function useKeyActions(provider: string) {
  const { t } = useTranslation('keys')
  const toast = useToast()
  const confirm = useConfirm()
  const format = useFormat()
  const changes = useKeyChanges(provider)
  const [revealed, setRevealed] = useState<{ key: Key; text: string }>()
  const at = ({ id }: Key) => ({ params: { path: { id } } })

  const test = useMutation({
    mutationFn: async (key: Key) => {
      const tested = await body(api.POST('/api/v1/provider-keys/{id}/test', at(key)))
      return { tested, now: await body(api.GET('/api/v1/provider-keys/{id}', at(key))) }
    },
    onSuccess: ({ tested, now }) => {
      changes.one(now)
      const { result, error, latency_ms, status } = tested
      const title = t(`tested.${result}`, { key: now.masked_key })
      if (result === 'works') toast.done(title, { text: format.duration(latency_ms) })
      else toast.failed(new Error([status, error].filter(Boolean).join(' · ')), title)
    },
    onError: (error) => toast.failed(error),
  })

  const restore = useMutation({
    mutationFn: (key: Key) => body(api.POST('/api/v1/provider-keys/{id}/restore', at(key))),
    onSuccess: (key) => {
      changes.one(key)
      toast.done(t('restored', { key: key.masked_key }))
    },
    onError: (error) => toast.failed(error),
  })

  const toggle = useMutation({
    mutationFn: ({ key, enabled }: { key: Key; enabled: boolean }) =>
      body(api.PATCH('/api/v1/provider-keys/{id}', { ...at(key), body: { enabled } })),
    onSuccess: (key, { enabled }) => {
      changes.one(key)
      toast.done(t(enabled ? 'nowEnabled' : 'nowDisabled', { key: key.masked_key }), {
        undo: () => toggle.mutate({ key, enabled: !enabled }),
      })
    },
    onError: (error) => toast.failed(error),
  })

  const reveal = async (key: Key) => {
    const sure = await confirm({
      title: t('revealTitle', { key: key.masked_key }),
      text: t('revealText'),
      action: t('reveal'),
      danger: false,
    })
    if (!sure) return
    try {
      const told = await body(api.POST('/api/v1/provider-keys/{id}/reveal', at(key)))
      setRevealed({ key, text: told.key })
    } catch (error) {
      toast.failed(error)
    }
  }

  const remove = async (key: Key): Promise<boolean> => {
    const sure = await confirm({
      title: t('deleteTitle', { key: key.masked_key }),
      text: t('deleteText', { provider }),
      action: t('delete'),
    })
    if (!sure) return false
    try {
      await api.DELETE('/api/v1/provider-keys/{id}', at(key))
    } catch (error) {
      toast.failed(error)
      return false
    }
    changes.many()
    toast.done(t('deleted', { key: key.masked_key }))
    return true
  }

  return { test, restore, toggle, reveal, remove, revealed, hide: () => setRevealed(undefined) }
}

export type KeyActions = ReturnType<typeof useKeyActions>
