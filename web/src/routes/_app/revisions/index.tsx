import { createFileRoute } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { PageHeader } from '@/components/ui/surface'
import { ways } from '@/features/revisions/data'
import { RevisionList } from '@/features/revisions/revision-list'
import { UndoDialog } from '@/features/revisions/undo-dialog'

export const Route = createFileRoute('/_app/revisions/')({
  validateSearch: z.object({ of: z.optional(z.number()), way: z.optional(ways) }),
  component: function Revisions() {
    const { t } = useTranslation('revisions')
    const { of, way } = Route.useSearch()
    const navigate = Route.useNavigate()
    return (
      <>
        <PageHeader title={t('title')} text={t('text')} />
        <RevisionList onUndo={(of, way) => void navigate({ search: { of, way } })} />
        {of !== undefined && way && (
          <UndoDialog id={of} way={way} onClose={() => void navigate({ search: {}, replace: true })} />
        )}
      </>
    )
  },
})
