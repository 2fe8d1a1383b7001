import { useTranslation } from 'react-i18next'
import { Badge, Notice, Panel, type Tone } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import type { Outcome } from './data'
import { Notes } from './notes'

const kinds: [string, Tone][] = [
  ['created', 'good'],
  ['changed', 'brand'],
  ['removed', 'bad'],
  ['skipped', 'warn'],
  ['unchanged', 'neutral'],
]

/** What an import did, or would do, by what becomes of each thing. */
export function OutcomeView({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation('transfer')
  const format = useFormat()
  const { objects, keys, notes, warnings } = outcome
  const nothing = objects.length === 0 && keys.length === 0 && notes.length === 0
  return (
    <div className="flex flex-col gap-4">
      {nothing && <Notice>{t('nothingInIt')}</Notice>}
      {kinds.map(([what, tone]) => {
        const of = objects.filter((object) => object.what === what)
        if (of.length === 0) return null
        return (
          <details
            key={what}
            open={what !== 'unchanged'}
            className="bg-surface border-line rounded-lg border"
          >
            <summary className="flex items-center gap-2 px-4 py-2.5 font-semibold">
              <span className="flex-1">{t(`what.${what}`)}</span>
              <Badge tone={tone}>{format.number(of.length)}</Badge>
            </summary>
            <ul
              className="border-line flex max-h-80 flex-wrap gap-x-2 gap-y-1.5 overflow-y-auto border-t p-4"
              tabIndex={0}
              aria-label={t(`what.${what}`)}
            >
              {of.map(({ kind, name }) => (
                <li key={`${kind}/${name}`} className="bg-sunken max-w-full truncate rounded px-2 py-1">
                  <span className="text-ink-faint">{t(`kinds.${kind}`, kind)}</span>{' '}
                  <span className="font-medium">{name}</span>
                </li>
              ))}
            </ul>
          </details>
        )
      })}
      {keys.length > 0 && (
        <Panel title={t('providerKeys')}>
          <ul
            className="flex max-h-80 flex-col gap-1.5 overflow-y-auto"
            tabIndex={0}
            aria-label={t('providerKeys')}
          >
            {keys.map(({ provider, added, known }) => (
              <li key={provider} className="flex flex-wrap gap-x-3">
                <span className="font-medium">{provider}</span>
                <span className="text-ink-soft">
                  {t('keysOf', { added: format.number(added), known: format.number(known) })}
                </span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Notes notes={notes} />
      {warnings.length > 0 && (
        <Notice tone="warn">
          <p className="font-medium">{t('looksWrong')}</p>
          <ul className="mt-1 list-disc pl-5">
            {warnings.map((warning) => (
              <li key={warning} className="break-words">
                {warning}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  )
}
