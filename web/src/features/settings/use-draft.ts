import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useBlocker } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConfirm } from '@/components/ui/confirm'
import { useToast } from '@/components/ui/toast'
import { ApiError, fetchApi } from '@/lib/api'
import { readProblem } from '@/lib/api/problem'
import { newestRevision, useUndoRevision } from '@/lib/use-undo-revision'
import type { Spec } from './specs'
import { type Draft, type Settings, nameOf, patchOf, same, valueAt } from './state'

/** Merge patches are any objects, which the typed client cannot say. */
async function save(draft: Draft) {
  const response = await fetchApi('/api/v1/settings', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(patchOf(draft)),
  })
  if (!response.ok) throw new ApiError(await readProblem(response))
  return newestRevision()
}

/** Changes are gathered and saved together, as one revision. */
export function useDraft(answer: Settings | undefined) {
  const { t } = useTranslation('settings')
  const [draft, setDraft] = useState<Draft>(new Map())
  const toast = useToast()
  const confirm = useConfirm()
  const queryClient = useQueryClient()
  const takeBack = useUndoRevision(t('undone'))
  const saving = useMutation({
    mutationFn: () => save(draft),
    onSuccess: async (revision) => {
      toast.done(
        t('saved', { count: draft.size }),
        revision === undefined ? undefined : { undo: () => void takeBack(revision) },
      )
      await queryClient.invalidateQueries()
      setDraft(new Map())
    },
  })
  const isDirty = draft.size > 0
  useBlocker({
    shouldBlockFn: async ({ current, next }) =>
      isDirty &&
      current.pathname !== next.pathname &&
      !(await confirm({
        title: t('leave.title'),
        text: t('leave.text', { count: draft.size }),
        action: t('leave.action'),
      })),
    enableBeforeUnload: isDirty,
  })
  const change = (spec: Spec, value: unknown) => {
    const next = new Map(draft)
    const stored = valueAt(answer?.settings, spec.path)
    // What is as it was needs no saving; a default that is set again does, as it is to be forgotten here.
    if (same(value ?? spec.default, stored)) next.delete(nameOf(spec.path))
    else next.set(nameOf(spec.path), value)
    setDraft(next)
    saving.reset()
  }
  const errorOf = ({ path }: Spec) =>
    saving.error instanceof ApiError && draft.has(nameOf(path))
      ? saving.error.field(path.slice(1).join('.'))
      : undefined
  return { draft, change, discard: () => setDraft(new Map()), saving, errorOf }
}
