import { useTranslation } from 'react-i18next'
import { Badge, Card, type Tone } from '@/components/ui/surface'
import { cn } from '@/lib/cn'
import type { Change } from './data'
import { type Line, rows } from './diff'

const tones: Record<string, Tone> = { added: 'good', changed: 'brand', removed: 'bad' }

/** What changed of each thing, old and new side by side; below one another on phones. */
export function Changes({ changes }: { changes: Change[] }) {
  return (
    <div className="flex flex-col gap-3">
      {changes.map((change) => (
        <ChangeCard key={`${change.kind}/${change.name}`} change={change} />
      ))}
    </div>
  )
}

function ChangeCard({ change }: { change: Change }) {
  const { t } = useTranslation('revisions')
  const fields = rows(change)
  return (
    <Card className="overflow-hidden">
      <h3 className="bg-sunken/60 flex flex-wrap items-center gap-2 px-4 py-2.5">
        <Badge tone={tones[change.action] ?? 'neutral'}>{t(`actions.${change.action}`)}</Badge>
        <span className="text-ink-soft">{t(`kinds.${change.kind}`, change.kind)}</span>
        <span className="font-semibold break-all">{change.name}</span>
      </h3>
      {fields.length === 0 ? (
        <p className="text-ink-faint border-line border-t px-4 py-3">{t('noFields')}</p>
      ) : (
        <table className="w-full table-fixed text-left">
          <thead className="max-md:sr-only">
            <tr className="text-ink-faint border-line border-t text-xs">
              <th scope="col" className="w-1/4 px-4 py-2 font-medium">
                {t('field')}
              </th>
              <th scope="col" className="px-2 py-2 font-medium">
                {t('before')}
              </th>
              <th scope="col" className="px-2 py-2 font-medium">
                {t('after')}
              </th>
            </tr>
          </thead>
          <tbody>
            {fields.map(({ path, before, after }) => (
              <tr key={path} className="border-line block border-t py-2 md:table-row md:py-0">
                <th
                  scope="row"
                  className="block px-4 py-1 align-top font-mono text-xs leading-5 font-medium break-words md:table-cell md:py-2"
                >
                  {path || t('whole')}
                </th>
                <Side lines={before} sign="−" />
                <Side lines={after} sign="+" />
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  )
}

/** One side's lines. A sign stands before each that differs: colour alone says nothing to some. */
function Side({ lines, sign }: { lines: Line[]; sign: '+' | '−' }) {
  if (lines.length === 0) return <td className="hidden px-2 py-2 md:table-cell" />
  return (
    <td className="block px-2 py-0.5 align-top md:table-cell md:py-2">
      <div className="max-h-96 overflow-auto rounded-md font-mono text-xs leading-5">
        {lines.map(({ text, differs }, index) => (
          <div
            key={index}
            className={cn(
              'flex px-2',
              differs && (sign === '+' ? 'bg-good-soft text-good' : 'bg-bad-soft text-bad'),
            )}
          >
            <span aria-hidden className="w-4 shrink-0 select-none">
              {differs ? sign : ''}
            </span>
            <span className="min-w-0 break-words whitespace-pre-wrap">{text || ' '}</span>
          </div>
        ))}
      </div>
    </td>
  )
}
