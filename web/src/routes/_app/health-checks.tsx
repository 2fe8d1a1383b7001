import { createFileRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { HealthPage } from '@/features/health/health-page'

const text = z.optional(z.catch(z.optional(z.string()), undefined))
const validateSearch = z.object({ provider: text, status: text, q: text })

export const Route = createFileRoute('/_app/health-checks')({ validateSearch, component: Page })

function Page() {
  const navigate = Route.useNavigate()
  return (
    <HealthPage
      search={Route.useSearch()}
      onSearch={(part) =>
        void navigate({ search: (before) => ({ ...before, ...part }), replace: 'q' in part })
      }
    />
  )
}
