import { createFileRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { TokensPage } from '@/features/tokens/tokens-page'

const validateSearch = z.object({ add: z.optional(z.catch(z.optional(z.boolean()), undefined)) })

export const Route = createFileRoute('/_app/tokens')({ validateSearch, component: Page })

function Page() {
  const navigate = Route.useNavigate()
  return (
    <TokensPage
      adding={Route.useSearch().add === true}
      onAdding={(add) => void navigate({ search: add ? { add } : {} })}
    />
  )
}
