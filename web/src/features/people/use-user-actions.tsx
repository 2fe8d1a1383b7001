import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConfirm } from '@/components/ui/confirm'
import { useToast } from '@/components/ui/toast'
import { type Schema, api, body } from '@/lib/api'
import type { Profile, Sent } from './data'

/** What an administrator does to a person; each says what it does before it is done. */
export function useUserActions(user: Profile, accessKeys: number) {
  const { t } = useTranslation('people')
  const confirm = useConfirm()
  const toast = useToast()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const [sent, setSent] = useState<Sent>()
  const params = { path: { id: user.id } }
  const who = { name: user.name || user.email, email: user.email }
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['users'] })

  const change = useMutation({
    mutationFn: (part: Schema<'ChangeUser'>) => body(api.PATCH('/api/v1/users/{id}', { params, body: part })),
    onSuccess: async () => {
      await refresh()
      await queryClient.invalidateQueries({ queryKey: ['groups'] })
    },
  })
  const run = async (act: () => Promise<unknown>, done: string) => {
    try {
      await act()
      await refresh()
      toast.done(done)
    } catch (error) {
      toast.failed(error)
    }
  }
  const setDisabled = async (disabled: boolean, undoable = true) => {
    try {
      await change.mutateAsync({ disabled })
      const undo = undoable ? { undo: () => void setDisabled(!disabled, false) } : undefined
      toast.done(t(disabled ? 'disable.done' : 'enable.done', who), undo)
    } catch (error) {
      toast.failed(error)
    }
  }
  return {
    change,
    sent,
    closeSent: () => setSent(undefined),
    enable: () => setDisabled(false),
    disable: async () => {
      const question = {
        title: t('disable.title', who),
        text: t('disable.text', { count: accessKeys }),
        action: t('disable.action'),
      }
      if (await confirm(question)) await setDisabled(true)
    },
    sendLink: async () => {
      try {
        setSent(await body(api.POST('/api/v1/users/{id}/link', { params })))
      } catch (error) {
        toast.failed(error)
      }
    },
    endSessions: async () => {
      const question = {
        title: t('sessions.title', who),
        text: t('sessions.text'),
        action: t('sessions.action'),
      }
      if (!(await confirm(question))) return
      await run(() => api.DELETE('/api/v1/users/{id}/sessions', { params }), t('sessions.done', who))
    },
    resetSecondFactor: async () => {
      const question = { title: t('totp.title', who), text: t('totp.text'), action: t('totp.action') }
      if (!(await confirm(question))) return
      await run(() => api.DELETE('/api/v1/users/{id}/totp', { params }), t('totp.done', who))
    },
    remove: async () => {
      const question = {
        title: t('remove.title', who),
        text: (
          <>
            <p>{t('remove.goes', who)}</p>
            <p className="mt-2">
              {accessKeys > 0 ? t('remove.keys', { count: accessKeys }) : t('remove.noKeys')}
            </p>
          </>
        ),
        action: t('remove.action', who),
        typed: user.email,
      }
      if (!(await confirm(question))) return
      try {
        await api.DELETE('/api/v1/users/{id}', { params })
        await navigate({ to: '/users' })
        toast.done(t('remove.done', who))
        await refresh()
      } catch (error) {
        toast.failed(error)
      }
    },
  }
}
