import { useTranslation } from 'react-i18next'
import { Notice, type Tone } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import type { Settings } from './state'

/** How the configuration stands: what is wrong with it, and what waits for a restart. */
export function StatusNotices({ answer }: { answer: Settings }) {
  const { t } = useTranslation('settings')
  const format = useFormat()
  const { status, left_out } = answer
  const lists: [string, Tone, string[]][] = [
    ['problems', 'bad', status.problems],
    ['needsRestart', 'warn', status.needs_restart],
    ['leftOut', 'warn', left_out],
    ['warnings', 'warn', status.warnings],
  ]
  return (
    <div className="mb-4 flex flex-col gap-3">
      {lists.map(
        ([name, tone, items]) =>
          items.length > 0 && (
            <Notice key={name} tone={tone}>
              <p className="font-medium">{t(`status.${name}`)}</p>
              <ul className="mt-1 list-disc pl-5">
                {items.map((item) => (
                  <li key={item} className="break-words">
                    {item}
                  </li>
                ))}
              </ul>
            </Notice>
          ),
      )}
      <p className="text-ink-faint text-xs">{t('status.applied', { when: format.ago(status.applied_at) })}</p>
    </div>
  )
}
