import { useTranslation } from 'react-i18next'
import { Badge, Code } from '@/components/ui/surface'
import { cn } from '@/lib/cn'
import { Picture } from './picture'
import type { Message } from './state'

/** A message as text; blocks of code stand apart. */
export function MessageView({ message, reasoning }: { message: Message; reasoning?: string }) {
  const { t } = useTranslation('playground')
  return (
    <article
      className={cn(
        'max-w-full rounded-lg',
        message.role === 'user' && 'bg-brand-soft ml-auto px-3.5 py-2',
        message.role === 'tool' && 'bg-sunken px-3.5 py-2',
      )}
    >
      <h2 className={cn('text-ink-soft mb-1 text-xs font-medium', message.role === 'user' && 'sr-only')}>
        {t(`role.${message.role}`)}
      </h2>
      {reasoning && (
        <details className="text-ink-soft mb-2">
          <summary>{t('reasoning')}</summary>
          <p className="border-line mt-1 border-l-2 pl-3 whitespace-pre-wrap">{reasoning}</p>
        </details>
      )}
      {message.role === 'user' &&
        message.images.map((url, index) => (
          <Picture
            key={url}
            url={url}
            alt={t('image', { number: index + 1 })}
            className="mb-2 max-h-48 rounded"
          />
        ))}
      <Text text={message.text} />
      {message.role === 'assistant' &&
        message.toolCalls.map((call) => (
          <div key={call.id} className="border-line mt-2 rounded-md border p-2.5">
            <Badge tone="brand">{call.name}</Badge>
            <pre className="mt-1.5 font-mono text-xs break-words whitespace-pre-wrap">{call.arguments}</pre>
          </div>
        ))}
    </article>
  )
}

function Text({ text }: { text: string }) {
  const parts = text.split(/```[^\n]*\n([\s\S]*?)(?:```|$)/)
  return parts.map((part, index) =>
    index % 2 === 1 ? (
      <Code key={index} text={part.trimEnd()} className="my-2" />
    ) : (
      part && (
        <p key={index} className="leading-relaxed break-words whitespace-pre-wrap">
          {part}
        </p>
      )
    ),
  )
}
