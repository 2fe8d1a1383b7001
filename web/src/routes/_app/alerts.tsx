import { createFileRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { AlertsPage } from '@/features/alerts/alerts-page'

const text = z.optional(z.catch(z.optional(z.string()), undefined))
const validateSearch = z.object({
  tab: text,
  add: z.optional(z.catch(z.optional(z.boolean()), undefined)),
  edit: text,
  alert: text,
  object: text,
})

export const Route = createFileRoute('/_app/alerts')({ validateSearch, component: Page })

function Page() {
  const navigate = Route.useNavigate()
  return <AlertsPage search={Route.useSearch()} onSearch={(search) => void navigate({ search })} />
}
