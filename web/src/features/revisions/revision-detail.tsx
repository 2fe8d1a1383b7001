import { useQuery } from '@tanstack/react-query'
import { RotateCcw, Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { BackLink } from '@/components/back-link'
import { Button } from '@/components/ui/button'
import { Loading } from '@/components/ui/states'
import { Notice, PageHeader } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { Changes } from './changes'
import { type Way, revisionQuery } from './data'

/** One change of the configuration: who, when, and what field by field. */
export function RevisionDetail({ id, onUndo }: { id: number; onUndo: (way: Way) => void }) {
  const { t } = useTranslation('revisions')
  const format = useFormat()
  const may = useMay()
  const query = useQuery(revisionQuery(id))
  return (
    <>
      <BackLink to="/revisions">{t('title')}</BackLink>
      <Loading query={query}>
        {({ summary, author, created_at, changes }) => (
          <>
            <PageHeader title={summary} text={t('byline', { id, author, when: format.dateTime(created_at) })}>
              {may('revisions.write') && (
                <>
                  <Button onClick={() => onUndo('revert')}>
                    <Undo2 />
                    {t('revert.menu')}
                  </Button>
                  <Button onClick={() => onUndo('rollback')}>
                    <RotateCcw />
                    {t('rollback.menu')}
                  </Button>
                </>
              )}
            </PageHeader>
            <h2 className="sr-only">{t('changed')}</h2>
            {changes.length === 0 ? <Notice>{t('noChanges')}</Notice> : <Changes changes={changes} />}
            <p className="text-ink-faint mt-4 text-xs">{t('secrets')}</p>
          </>
        )}
      </Loading>
    </>
  )
}
