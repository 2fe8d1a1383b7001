import { createFileRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { ways } from '@/features/revisions/data'
import { RevisionDetail } from '@/features/revisions/revision-detail'
import { UndoDialog } from '@/features/revisions/undo-dialog'

export const Route = createFileRoute('/_app/revisions/$id')({
  validateSearch: z.object({ way: z.optional(ways) }),
  component: function Revision() {
    const id = Number(Route.useParams().id)
    const { way } = Route.useSearch()
    const navigate = Route.useNavigate()
    return (
      <>
        <RevisionDetail id={id} onUndo={(way) => void navigate({ search: { way } })} />
        {way && <UndoDialog id={id} way={way} onClose={() => void navigate({ search: {}, replace: true })} />}
      </>
    )
  },
})
