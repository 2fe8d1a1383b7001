import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Overlay } from '@/components/ui/overlay'
import { Notice } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { api, explain } from '@/lib/api'
import { useMay } from '@/lib/session'
import { AccessKeyForm } from './access-key-form'
import { type AccessKey, changes, draftOf } from './draft'

type Props = { accessKey: AccessKey; open: boolean; onOpenChange: (open: boolean) => void }

export function EditDialog({ accessKey, open, onOpenChange }: Props) {
  const { t } = useTranslation('access-keys')
  const toast = useToast()
  const client = useQueryClient()
  const mayDo = useMay()
  const restricted = accessKey.locked && !mayDo('access_keys.write')
  const [draft, setDraft] = useState(() => draftOf(accessKey))
  const saved = useMutation({
    mutationFn: () =>
      api.PATCH('/api/v1/access-keys/{id}', {
        params: { path: { id: accessKey.id } },
        body: changes(draftOf(accessKey), draft),
      }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['access-keys'] })
      toast.done(t('changed'))
      onOpenChange(false)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saved.mutate()
  }
  return (
    <Overlay
      open={open}
      onOpenChange={onOpenChange}
      title={t('editTitle', { name: accessKey.name })}
      shape="sheet"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" form="edit-access-key" busy={saved.isPending}>
            {t('save')}
          </Button>
        </>
      }
    >
      <form id="edit-access-key" onSubmit={submit}>
        {saved.error && (
          <Notice tone="bad" className="mb-4">
            {explain(saved.error)}
          </Notice>
        )}
        {restricted && <Notice className="mb-4">{t('lockedForYou')}</Notice>}
        <AccessKeyForm
          draft={draft}
          onChange={setDraft}
          error={saved.error}
          fresh={false}
          restricted={restricted}
        />
      </form>
    </Overlay>
  )
}
