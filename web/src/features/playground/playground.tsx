import { useQuery } from '@tanstack/react-query'
import { Eraser, Plus, SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/surface'
import { cn } from '@/lib/cn'
import { usableModelsQuery } from '@/lib/usable-models'
import { Composer } from './composer'
import { ConversationColumn } from './conversation-column'
import { Parameters } from './parameters'
import { wrongTools } from './request'
import type { Message, Settings } from './state'
import { usePlayground } from './use-playground'

export type Beginning = {
  settings: Partial<Settings>
  messages: Message[]
  /** The question that is about to be asked. */
  draft: { text: string; images: string[] }
}

type Props = { models: string[]; onModels: (models: string[]) => void; beginning: Beginning }

const plain: Settings = { system: '', temperature: '', topP: '', maxTokens: '', stream: true, tools: '' }
const most = 4

/** One question to one model or several, side by side. */
export function Playground({ models, onModels, beginning }: Props) {
  const { t } = useTranslation('playground')
  const [settings, setSettings] = useState<Settings>({ ...plain, ...beginning.settings })
  const [shown, setShown] = useState(false)
  const offered = useQuery(usableModelsQuery)
  const chosen = models.length > 0 ? models : [offered.data?.[0] ?? '']
  const playground = usePlayground(chosen, settings, beginning.messages)
  const remove = (id: string) => {
    playground.remove(id)
    onModels(columns.filter((column) => column.id !== id).map(({ model }) => model))
  }
  const choose = (names: string[]) => {
    playground.setModels(names)
    onModels(names)
  }
  // The first model is known only when the list has come.
  const columns = playground.columns.map((column, index) => ({
    ...column,
    model: column.model || (chosen[index] ?? ''),
  }))
  const ready = columns.every(({ model }) => model) && wrongTools(settings.tools) === undefined
  return (
    <>
      <PageHeader title={t('title')} text={t('text')}>
        <Button onClick={playground.clear}>
          <Eraser /> {t('clear')}
        </Button>
        <Button
          onClick={() => choose([...columns.map(({ model }) => model), chosen[0] ?? ''])}
          disabled={columns.length >= most || playground.busy}
        >
          <Plus /> {t('compare')}
        </Button>
        <Button className="xl:hidden" aria-expanded={shown} onClick={() => setShown(!shown)}>
          <SlidersHorizontal /> {t('parameters')}
        </Button>
      </PageHeader>
      <div className="flex flex-col gap-4 xl:flex-row-reverse xl:items-start">
        <aside
          aria-label={t('parameters')}
          className={cn('xl:block xl:w-72 xl:shrink-0', !shown && 'hidden')}
        >
          <Parameters settings={settings} onChange={setSettings} />
        </aside>
        <div className="flex min-w-0 flex-1 flex-col gap-4">
          <div
            className={cn(
              'grid gap-4',
              columns.length > 1 && 'md:grid-cols-2',
              columns.length > 2 && '2xl:grid-cols-3',
            )}
          >
            {columns.map((column) => (
              <ConversationColumn
                key={column.id}
                column={column}
                models={offered.data ?? []}
                onModel={(model) =>
                  choose(columns.map((other) => (other.id === column.id ? model : other.model)))
                }
                onRemove={columns.length > 1 && !playground.busy ? () => remove(column.id) : undefined}
                onToolAnswers={(messages) => playground.answerTools(column, messages)}
              />
            ))}
          </div>
          <Composer
            draft={beginning.draft}
            busy={playground.busy}
            ready={ready}
            resumable={playground.resumable}
            onAsk={playground.ask}
            onStop={playground.stop}
          />
        </div>
      </div>
    </>
  )
}
