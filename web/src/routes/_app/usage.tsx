import { createFileRoute } from '@tanstack/react-router'
import { UsagePage } from '@/features/usage/usage-page'
import { usageSearch } from '@/features/usage/views'

export const Route = createFileRoute('/_app/usage')({
  validateSearch: usageSearch,
  component: function Usage() {
    const search = Route.useSearch()
    const navigate = Route.useNavigate()
    return (
      <UsagePage
        search={search}
        onChange={(change) =>
          void navigate({ search: (before) => ({ ...before, ...change }), resetScroll: false })
        }
      />
    )
  },
})
