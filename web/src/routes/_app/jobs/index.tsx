import { createFileRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { JobsPage } from '@/features/jobs/jobs-page'

const text = z.optional(z.catch(z.optional(z.string()), undefined))
const validateSearch = z.object({ state: text, kind: text, tab: text })

export const Route = createFileRoute('/_app/jobs/')({ validateSearch, component: Page })

function Page() {
  const navigate = Route.useNavigate()
  return <JobsPage search={Route.useSearch()} onSearch={(search) => void navigate({ search })} />
}
