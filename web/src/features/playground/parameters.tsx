import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Field, Input, Switch, Textarea } from '@/components/ui/field'
import { Card } from '@/components/ui/surface'
import { wrongTools } from './request'
import type { Settings } from './state'

const example = `[
  {
    "type": "function",
    "function": {
      "name": "weather",
      "description": "The weather in a city.",
      "parameters": {
        "type": "object",
        "properties": { "city": { "type": "string" } },
        "required": ["city"]
      }
    }
  }
]`

/** What goes with every question. Empty fields are left to the provider. */
export function Parameters({
  settings,
  onChange,
}: {
  settings: Settings
  onChange: (settings: Settings) => void
}) {
  const { t } = useTranslation('playground')
  const set = (part: Partial<Settings>) => onChange({ ...settings, ...part })
  return (
    <Card className="flex flex-col gap-4 p-4">
      <Field label={t('system')}>
        <Textarea
          value={settings.system}
          onChange={(event) => set({ system: event.target.value })}
          placeholder={t('systemPlaceholder')}
        />
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label={t('temperature')}>
          <Input
            type="number"
            min={0}
            max={2}
            step={0.1}
            value={settings.temperature}
            onChange={(event) => set({ temperature: event.target.value })}
            placeholder={t('default')}
          />
        </Field>
        <Field label={t('topP')}>
          <Input
            type="number"
            min={0}
            max={1}
            step={0.05}
            value={settings.topP}
            onChange={(event) => set({ topP: event.target.value })}
            placeholder={t('default')}
          />
        </Field>
      </div>
      <Field label={t('maxTokens')}>
        <Input
          type="number"
          min={1}
          value={settings.maxTokens}
          onChange={(event) => set({ maxTokens: event.target.value })}
          placeholder={t('default')}
        />
      </Field>
      <Field label={t('stream')} className="flex-row items-center justify-between">
        <Switch checked={settings.stream} onCheckedChange={(stream) => set({ stream })} />
      </Field>
      <Field label={t('tools')} hint={t('toolsHint')} error={toolsError(settings.tools, t('toolsWrong'))}>
        <Textarea
          className="font-mono text-xs"
          spellCheck={false}
          value={settings.tools}
          onChange={(event) => set({ tools: event.target.value })}
          placeholder={t('toolsPlaceholder')}
        />
      </Field>
      {settings.tools.trim() === '' && (
        <Button size="sm" className="-mt-2 self-start" onClick={() => set({ tools: example })}>
          {t('toolsExample')}
        </Button>
      )}
    </Card>
  )
}

function toolsError(text: string, said: string): string | undefined {
  const wrong = wrongTools(text)
  return wrong === undefined ? undefined : `${said}: ${wrong}`
}
