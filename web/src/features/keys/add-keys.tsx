import { useMutation } from '@tanstack/react-query'
import { FileUp } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input, Textarea } from '@/components/ui/field'
import { Tabs } from '@/components/ui/menu'
import { Overlay } from '@/components/ui/overlay'
import { Notice } from '@/components/ui/surface'
import { explain } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { addText, importFiles } from './add'
import { useKeyChanges } from './queries'

type Props = {
  provider: string
  way: 'add' | 'import'
  onWay: (way: 'add' | 'import') => void
  onClose: () => void
  onJob: (id: string) => void
}

/** New keys of a provider, pasted or from files; many of them become a job. */
export function AddKeys({ provider, way, onWay, onClose, onJob }: Props) {
  const { t } = useTranslation('keys')
  const format = useFormat()
  const changes = useKeyChanges(provider)
  const [text, setText] = useState('')
  const [files, setFiles] = useState<File[]>([])
  const sent = useMutation({
    mutationFn: () => (way === 'add' ? addText(provider, text) : importFiles(provider, files)),
    onSuccess: (answer) => {
      if ('job_id' in answer) return onJob(answer.job_id)
      setText('')
      setFiles([])
      changes.many()
    },
  })
  const added = sent.data && 'added' in sent.data ? sent.data : undefined
  const ready = way === 'add' ? text.trim() !== '' : files.length > 0
  return (
    <Overlay
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('addTitle', { provider })}
      footer={
        <>
          <Button onClick={onClose}>{t(added ? 'done' : 'cancel')}</Button>
          <Button variant="primary" disabled={!ready} busy={sent.isPending} onClick={() => sent.mutate()}>
            {t('add')}
          </Button>
        </>
      }
    >
      {sent.error && (
        <Notice tone="bad" className="mb-4">
          {explain(sent.error)}
        </Notice>
      )}
      {added && (
        <Notice tone={added.added > 0 ? 'good' : 'warn'} className="mb-4">
          {t('added', {
            added: format.number(added.added),
            ignored: format.number(added.ignored),
            total: format.number(added.total),
          })}
        </Notice>
      )}
      <Tabs
        value={way}
        onValueChange={(value) => onWay(value === 'import' ? 'import' : 'add')}
        tabs={[
          {
            value: 'add',
            label: t('paste'),
            content: (
              <Field label={t('keysToAdd')} hint={t('pasteHint')}>
                <Textarea
                  className="min-h-56 font-mono text-xs"
                  spellCheck={false}
                  autoComplete="off"
                  autoFocus
                  value={text}
                  onChange={(event) => setText(event.target.value)}
                />
              </Field>
            ),
          },
          {
            value: 'import',
            label: t('files'),
            content: (
              <div
                className="border-line-strong flex flex-col items-center gap-3 rounded-lg border border-dashed p-6 text-center"
                onDragOver={(event) => event.preventDefault()}
                onDrop={(event) => {
                  event.preventDefault()
                  setFiles([...event.dataTransfer.files])
                }}
              >
                <FileUp className="text-ink-faint size-7" aria-hidden />
                <Field label={t('chooseFiles')} hint={t('filesHint')} className="w-full max-w-sm">
                  <Input
                    type="file"
                    multiple
                    className="h-auto py-1.5"
                    accept=".txt,.csv,.json,.yaml,.yml,text/plain"
                    onChange={(event) => setFiles([...(event.target.files ?? [])])}
                  />
                </Field>
                {files.length > 0 && (
                  <p className="text-ink-soft break-all">{files.map(({ name }) => name).join(', ')}</p>
                )}
              </div>
            ),
          },
        ]}
      />
    </Overlay>
  )
}
