import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Overlay } from '@/components/ui/overlay'
import { Notice } from '@/components/ui/surface'
import { useToast } from '@/components/ui/toast'
import { api, explain } from '@/lib/api'
import { type Guardrail, bodyOf, draftOf, emptyDraft } from './draft'
import { GuardrailForm } from './guardrail-form'

/** Makes a guardrail, or changes the one that is given. */
export function GuardrailDialog({
  guardrail,
  onClose,
}: {
  guardrail: Guardrail | undefined
  onClose: () => void
}) {
  const { t } = useTranslation('guardrails')
  const toast = useToast()
  const client = useQueryClient()
  const [draft, setDraft] = useState(() => (guardrail ? draftOf(guardrail) : emptyDraft))
  const saved = useMutation({
    mutationFn: () => {
      const body = bodyOf(draft)
      if (!guardrail) return api.POST('/api/v1/guardrails', { body })
      return api.PATCH('/api/v1/guardrails/{name}', { params: { path: { name: guardrail.name } }, body })
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['guardrails'] })
      toast.done(t('saved'))
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saved.mutate()
  }
  return (
    <Overlay
      open
      onOpenChange={onClose}
      title={guardrail ? t('editTitle', { name: guardrail.name }) : t('add')}
      shape="sheet"
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" form="guardrail" busy={saved.isPending}>
            {guardrail ? t('save') : t('create')}
          </Button>
        </>
      }
    >
      <form id="guardrail" onSubmit={submit}>
        {saved.error && (
          <Notice tone="bad" className="mb-4">
            {explain(saved.error)}
          </Notice>
        )}
        <GuardrailForm
          draft={draft}
          onChange={setDraft}
          error={saved.error}
          fresh={!guardrail}
          hasToken={guardrail?.has_token ?? false}
        />
      </form>
    </Overlay>
  )
}
