import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import type { ToolCall } from './answer'
import type { Message } from './state'

/** Asks what the tools would have said, so that the model can go on. */
export function ToolAnswers({
  calls,
  onAnswer,
}: {
  calls: ToolCall[]
  onAnswer: (messages: Message[]) => void
}) {
  const { t } = useTranslation('playground')
  const [texts, setTexts] = useState<Record<string, string>>({})
  const send = (event: FormEvent) => {
    event.preventDefault()
    onAnswer(calls.map(({ id }) => ({ role: 'tool', id, text: texts[id] ?? '' })))
  }
  return (
    <form onSubmit={send} className="border-line flex flex-col gap-3 rounded-md border border-dashed p-3">
      {calls.map(({ id, name }) => (
        <Field key={id} label={t('toolAnswer', { name })}>
          <Input
            value={texts[id] ?? ''}
            onChange={(event) => setTexts({ ...texts, [id]: event.target.value })}
          />
        </Field>
      ))}
      <Button type="submit" className="self-end">
        {t('sendToolAnswers')}
      </Button>
    </form>
  )
}
