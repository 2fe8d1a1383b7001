import { createFileRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { origin } from '@/features/routes/queries'
import { RoutesPage } from '@/features/routes/routes-page'

const text = z.optional(z.coerce.string())

const search = z.object({
  q: text,
  provider: text,
  origin: z.catch(z.optional(origin), undefined),
  dialog: z.catch(z.optional(z.literal('new')), undefined),
})

export const Route = createFileRoute('/_app/routes/')({ validateSearch: search, component: Routes })

function Routes() {
  const navigate = Route.useNavigate()
  return (
    <RoutesPage
      search={Route.useSearch()}
      go={(part) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true })}
      open={(model) => void navigate({ to: '/routes/$model', params: { model } })}
    />
  )
}
