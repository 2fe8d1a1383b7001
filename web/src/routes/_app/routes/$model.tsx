import { createFileRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { RoutePage } from '@/features/routes/route-page'

const text = z.optional(z.coerce.string())

const search = z.object({
  access_key: text,
  operation: text,
  session: text,
  requests: z.catch(z.optional(z.int().check(z.minimum(1), z.maximum(100_000))), undefined),
})

export const Route = createFileRoute('/_app/routes/$model')({ validateSearch: search, component: OneRoute })

function OneRoute() {
  const navigate = Route.useNavigate()
  return (
    <RoutePage
      model={Route.useParams().model}
      search={Route.useSearch()}
      go={(part) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true })}
    />
  )
}
