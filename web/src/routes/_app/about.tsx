import { createFileRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { AboutPage } from '@/features/about/about-page'

const text = z.optional(z.catch(z.optional(z.string()), undefined))
const validateSearch = z.object({ tab: text, q: text })

export const Route = createFileRoute('/_app/about')({ validateSearch, component: Page })

function Page() {
  const navigate = Route.useNavigate()
  return (
    <AboutPage
      search={Route.useSearch()}
      onSearch={(search) => void navigate({ search, replace: 'q' in search })}
    />
  )
}
