import { Link } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Card, Code, Notice, Panel } from '@/components/ui/surface'
import { useUndoRevision } from '@/lib/use-undo-revision'
import type { Outcome } from './data'
import { OutcomeView } from './outcome-view'

type Props = { outcome: Outcome; revision: number | undefined; onAgain: () => void }

/** What the import did, where it is recorded, and how to take it back. */
export function ImportDone({ outcome, revision, onAgain }: Props) {
  const { t } = useTranslation('transfer')
  const undo = useUndoRevision(t('undone'))
  return (
    <div className="flex flex-col gap-4">
      <Card className="flex flex-wrap items-center gap-3 p-4">
        <CircleCheck className="text-good size-5" aria-hidden />
        <div className="min-w-0 flex-1 basis-60">
          <h2 className="font-semibold">{t('imported')}</h2>
          <p className="text-ink-soft">{t('importedText')}</p>
        </div>
        {revision !== undefined && (
          <>
            <Button asChild>
              <Link to="/revisions/$id" params={{ id: String(revision) }}>
                {t('openRevision', { id: revision })}
              </Link>
            </Button>
            <Button onClick={() => void undo(revision)}>{t('undo')}</Button>
          </>
        )}
        <Button variant="primary" onClick={onAgain}>
          {t('another')}
        </Button>
      </Card>
      {outcome.credentials.length > 0 && (
        <Panel title={t('newCredentials')}>
          <Notice tone="warn" className="mb-3">
            {t('newCredentialsText')}
          </Notice>
          <div className="flex flex-col gap-3">
            {outcome.credentials.map(({ access_key, key }) => (
              <div key={access_key}>
                <p className="mb-1 font-medium">{access_key}</p>
                {key && <Code text={key} />}
              </div>
            ))}
          </div>
        </Panel>
      )}
      <OutcomeView outcome={outcome} />
    </div>
  )
}
