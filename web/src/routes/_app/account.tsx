import { createFileRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { AccountPage } from '@/features/account/account-page'

const validateSearch = z.object({ tab: z.optional(z.catch(z.optional(z.string()), undefined)) })

export const Route = createFileRoute('/_app/account')({ validateSearch, component: Page })

function Page() {
  const navigate = Route.useNavigate()
  return (
    <AccountPage tab={Route.useSearch().tab} onTab={(tab) => void navigate({ search: tab ? { tab } : {} })} />
  )
}
