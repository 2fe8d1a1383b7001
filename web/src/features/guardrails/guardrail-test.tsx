import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Select, Textarea } from '@/components/ui/field'
import { Badge, Code, Notice, Panel, type Tone } from '@/components/ui/surface'
import { api, body, explain } from '@/lib/api'

const tones: Record<string, Tone> = { passed: 'good', masked: 'warn', blocked: 'bad' }

/** Lets the guardrails in force look at a text. */
export function GuardrailTest() {
  const { t } = useTranslation('guardrails')
  const [text, setText] = useState('')
  const [stage, setStage] = useState('request')
  const judged = useMutation({
    mutationFn: () => body(api.POST('/api/v1/guardrails/test', { body: { text, stage } })),
  })
  const ask = (event: FormEvent) => {
    event.preventDefault()
    judged.mutate()
  }
  return (
    <Panel title={t('tryTitle')}>
      <form onSubmit={ask} className="flex flex-col gap-3">
        <Field label={t('tryText')}>
          <Textarea value={text} onChange={(event) => setText(event.target.value)} required />
        </Field>
        <div className="flex gap-2">
          <Select
            aria-label={t('stage')}
            className="w-auto"
            value={stage}
            onChange={(event) => setStage(event.target.value)}
          >
            <option value="request">{t('onRequest')}</option>
            <option value="answer">{t('onAnswer')}</option>
          </Select>
          <Button type="submit" busy={judged.isPending}>
            {t('try')}
          </Button>
        </div>
      </form>
      <div aria-live="polite" className="mt-4">
        {judged.error && <Notice tone="bad">{explain(judged.error)}</Notice>}
        {judged.data && (
          <>
            <p className="mb-2 flex flex-wrap items-center gap-2">
              <Badge tone={tones[judged.data.verdict] ?? 'neutral'}>
                {t(`verdict.${judged.data.verdict}`)}
              </Badge>
              {judged.data.notes.map(({ guardrail, verdict }) => (
                <span key={guardrail} className="text-ink-soft">
                  {guardrail}: {t(`verdict.${verdict}`)}
                </span>
              ))}
            </p>
            {judged.data.text && <Code text={judged.data.text} />}
          </>
        )}
      </div>
    </Panel>
  )
}
