import { createFileRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { RequestPage } from '@/features/requests/request-page'

export const Route = createFileRoute('/_app/requests/$id')({
  validateSearch: z.object({ bodies: z.optional(z.catch(z.optional(z.boolean()), undefined)) }),
  component: function Request() {
    const { id } = Route.useParams()
    const { bodies } = Route.useSearch()
    const navigate = Route.useNavigate()
    return (
      <RequestPage
        id={id}
        bodies={bodies === true}
        onShowBodies={() => void navigate({ search: { bodies: true }, replace: true, resetScroll: false })}
      />
    )
  },
})
