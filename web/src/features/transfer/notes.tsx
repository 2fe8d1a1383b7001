import { useTranslation } from 'react-i18next'
import { Badge, Panel, type Tone } from '@/components/ui/surface'
import type { Note } from './data'

const severities: [string, Tone][] = [
  ['skipped', 'bad'],
  ['warning', 'warn'],
  ['info', 'neutral'],
]

/** What has no counterpart, what works differently, and what is only said differently. */
export function Notes({ notes }: { notes: Note[] }) {
  const { t } = useTranslation('transfer')
  return severities.map(([severity, tone]) => {
    const of = notes.filter((note) => note.severity === severity)
    if (of.length === 0) return null
    return (
      <Panel
        key={severity}
        title={t(`severities.${severity}`)}
        actions={<Badge tone={tone}>{of.length}</Badge>}
      >
        <ul
          className="flex max-h-96 flex-col gap-2.5 overflow-y-auto"
          tabIndex={0}
          aria-label={t(`severities.${severity}`)}
        >
          {of.map(({ place, message }, index) => (
            <li key={index}>
              {place && <code className="text-ink-faint block font-mono text-xs break-all">{place}</code>}
              <span className="break-words">{message}</span>
            </li>
          ))}
        </ul>
      </Panel>
    )
  })
}
