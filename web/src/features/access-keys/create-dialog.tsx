import { useQueryClient, useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Overlay } from '@/components/ui/overlay'
import { Notice } from '@/components/ui/surface'
import { type Schema, api, body, explain } from '@/lib/api'
import { AccessKeyForm } from './access-key-form'
import { changes, emptyDraft } from './draft'
import { FreshKey } from './fresh-key'

/** Makes an access key, and then shows its credential this once. */
export function CreateDialog({
  open,
  onOpenChange,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const { t } = useTranslation('access-keys')
  const client = useQueryClient()
  const [draft, setDraft] = useState(emptyDraft)
  const [fresh, setFresh] = useState<Schema<'FreshAccessKey'>>()
  const made = useMutation({
    mutationFn: () => body(api.POST('/api/v1/access-keys', { body: changes(emptyDraft, draft) })),
    onSuccess: (key) => {
      setFresh(key)
      setDraft(emptyDraft)
      void client.invalidateQueries({ queryKey: ['access-keys'] })
    },
  })
  const close = (next: boolean) => {
    if (!next) {
      setFresh(undefined)
      made.reset()
    }
    onOpenChange(next)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    made.mutate()
  }
  if (fresh) return <FreshKey accessKey={fresh} open={open} onOpenChange={close} />
  return (
    <Overlay
      open={open}
      onOpenChange={close}
      title={t('add')}
      shape="sheet"
      footer={
        <>
          <Button onClick={() => close(false)}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" form="new-access-key" busy={made.isPending}>
            {t('create')}
          </Button>
        </>
      }
    >
      <form id="new-access-key" onSubmit={submit}>
        {made.error && (
          <Notice tone="bad" className="mb-4">
            {explain(made.error)}
          </Notice>
        )}
        <AccessKeyForm draft={draft} onChange={setDraft} error={made.error} fresh />
      </form>
    </Overlay>
  )
}
