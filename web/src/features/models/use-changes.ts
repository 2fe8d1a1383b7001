import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useToast } from '@/components/ui/toast'
import { type Schema, api, body } from '@/lib/api'
import type { Model } from './queries'

type Patch = Schema<'UpdateModel'>

/** Everything that a changed model shows in. */
export function useRefresh() {
  const client = useQueryClient()
  return () =>
    Promise.all(['models', 'routes', 'prices'].map((name) => client.invalidateQueries({ queryKey: [name] })))
}

/** Changes one model; each change says how to take it back. */
export function useChanges() {
  const { t } = useTranslation('models')
  const toast = useToast()
  const refresh = useRefresh()
  const change = useMutation({
    mutationFn: ({ model, patch }: { model: Model; patch: Patch }) =>
      body(api.PATCH('/api/v1/models/{id}', { params: { path: { id: model.id } }, body: patch })),
    onSettled: refresh,
  })
  const go = (model: Model, patch: Patch, back: Patch, title: string) =>
    change.mutateAsync({ model, patch }).then(() => toast.done(title, { undo: () => void undo(model, back) }))
  const undo = (model: Model, patch: Patch) =>
    change
      .mutateAsync({ model, patch })
      .then(() => toast.done(t('undone')))
      .catch((error) => toast.failed(error))
  const quietly = (done: Promise<unknown>) => void done.catch((error) => toast.failed(error))
  return {
    busy: change.isPending ? change.variables.model.id : undefined,
    /** Empty: its usual name again. Rejects with what the server has against it. */
    rename: (model: Model, name: string) =>
      go(
        model,
        { public_name: name || null },
        { public_name: model.renamed ? model.public_name : null },
        t('renamed', { from: model.public_name, to: name || model.name }),
      ),
    resetName: (model: Model) =>
      quietly(
        go(
          model,
          { public_name: null },
          { public_name: model.public_name },
          t('renamed', { from: model.public_name, to: model.name }),
        ),
      ),
    setEnabled: (model: Model, enabled: boolean) =>
      quietly(
        go(
          model,
          { enabled },
          { enabled: !enabled },
          t(enabled ? 'enabledDone' : 'disabledDone', { name: model.public_name }),
        ),
      ),
    setDeleted: (model: Model, deleted: boolean) =>
      quietly(
        go(
          model,
          { deleted },
          { deleted: !deleted },
          t(deleted ? 'deletedDone' : 'restoredDone', { name: model.public_name }),
        ),
      ),
    setAliases: (model: Model, aliases: string[], before: string[]) =>
      go(model, { aliases }, { aliases: before }, t('aliasesDone', { name: model.public_name })),
  }
}

export type Changes = ReturnType<typeof useChanges>
