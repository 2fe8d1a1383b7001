import { createFileRoute } from '@tanstack/react-router'
import { requestsSearch } from '@/features/requests/filters'
import { RequestsPage } from '@/features/requests/requests-page'

export const Route = createFileRoute('/_app/requests/')({
  validateSearch: requestsSearch,
  component: function Requests() {
    const search = Route.useSearch()
    const navigate = Route.useNavigate()
    return (
      <RequestsPage
        search={search}
        onChange={(change) =>
          void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false })
        }
      />
    )
  },
})
