import { FileJson, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Select } from '@/components/ui/field'
import { Card, Notice } from '@/components/ui/surface'
import { MessageView } from './message-view'
import { RawCall } from './raw-call'
import type { Column, Message } from './state'
import { Timing } from './timing'
import { ToolAnswers } from './tool-answers'

type Props = {
  column: Column
  models: string[]
  onModel: (model: string) => void
  onRemove: (() => void) | undefined
  onToolAnswers: (messages: Message[]) => void
}

/** One model's conversation. */
export function ConversationColumn({ column, models, onModel, onRemove, onToolAnswers }: Props) {
  const { t } = useTranslation('playground')
  const [raw, setRaw] = useState(false)
  const { run, model } = column
  const names = model && !models.includes(model) ? [model, ...models] : models
  const ended = run?.endedAt !== undefined
  return (
    <Card className="flex min-w-0 flex-col">
      <div className="border-line flex items-center gap-1 border-b p-2">
        <Select
          aria-label={t('model')}
          className="min-w-0 flex-1"
          value={model}
          onChange={(event) => onModel(event.target.value)}
        >
          {names.length === 0 && <option value="">{t('noModels')}</option>}
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
        <Button
          variant="ghost"
          size="icon"
          aria-label={t('raw')}
          disabled={!run}
          onClick={() => setRaw(true)}
        >
          <FileJson />
        </Button>
        {onRemove && (
          <Button variant="ghost" size="icon" aria-label={t('removeColumn')} onClick={onRemove}>
            <X />
          </Button>
        )}
      </div>
      <div
        className="flex min-h-56 flex-1 flex-col gap-3 p-4"
        aria-live="polite"
        aria-busy={run !== undefined && !ended}
      >
        {column.messages.length === 0 && !run && (
          <p className="text-ink-faint m-auto text-center">{t('empty')}</p>
        )}
        {column.messages.map((message, index) => (
          <MessageView key={index} message={message} />
        ))}
        {run && (run.answer.text || run.answer.reasoning || run.answer.toolCalls.length > 0) && (
          <MessageView
            message={{ role: 'assistant', text: run.answer.text, toolCalls: run.answer.toolCalls }}
            reasoning={run.answer.reasoning}
          />
        )}
        {run?.status === 'waiting' && <p className="text-ink-faint animate-pulse">{t('waiting')}</p>}
        {run?.error && <Notice tone="bad">{run.error}</Notice>}
        {run?.status === 'stopped' && <Notice tone="warn">{t('stopped')}</Notice>}
        {run && ended && run.answer.toolCalls.length > 0 && (
          <ToolAnswers calls={run.answer.toolCalls} onAnswer={onToolAnswers} />
        )}
      </div>
      {run && <Timing run={run} />}
      {run && <RawCall run={run} open={raw} onOpenChange={setRaw} />}
    </Card>
  )
}
