import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input, Textarea } from '@/components/ui/field'
import { Overlay } from '@/components/ui/overlay'
import { Notice } from '@/components/ui/surface'
import { ApiError, api, body, explain } from '@/lib/api'
import type { Group } from './data'
import { PermissionChoice } from './permission-choice'

type Props = { onClose: () => void; onDone: (group: Group) => void }

/** Makes a group. */
export function GroupDialog({ onClose, onDone }: Props) {
  const { t } = useTranslation('people')
  const form = useId()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [permissions, setPermissions] = useState<string[]>([])
  const save = useMutation({
    mutationFn: () => body(api.POST('/api/v1/groups', { body: { name, description, permissions } })),
    onSuccess: async (group) => {
      await queryClient.invalidateQueries({ queryKey: ['groups'] })
      onDone(group)
    },
  })
  const field = (name: string) => (save.error instanceof ApiError ? save.error.field(name) : undefined)
  const send = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Overlay
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('newGroup')}
      description={t('newGroupText')}
      size="lg"
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" form={form} variant="primary" busy={save.isPending}>
            {t('create')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={send} className="flex flex-col gap-4">
        {save.error && <Notice tone="bad">{explain(save.error)}</Notice>}
        <Field label={t('name')} error={field('name')}>
          <Input
            required
            autoFocus
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field label={t('description')} error={field('description')}>
          <Textarea
            className="min-h-16"
            maxLength={1000}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        </Field>
        <h3 className="font-medium">{t('permissionsTitle')}</h3>
        <PermissionChoice chosen={permissions} onChange={setPermissions} />
      </form>
    </Overlay>
  )
}
