import { createFileRoute, useNavigate } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { KeysPage } from '@/features/keys/keys-page'
import { keysSearch } from '@/features/keys/search'

export const Route = createFileRoute('/_app/keys')({
  validateSearch: z.object({ provider: z.optional(z.string()), ...keysSearch }),
  component: function Keys() {
    const { provider, ...search } = Route.useSearch()
    const navigate = useNavigate({ from: Route.fullPath })
    return (
      <KeysPage
        provider={provider}
        search={search}
        onProvider={(name) => void navigate({ search: { provider: name } })}
        onSearch={(part) =>
          void navigate({ search: (before) => ({ ...before, ...part }), replace: !('key' in part) })
        }
      />
    )
  },
})
