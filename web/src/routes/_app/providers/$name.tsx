import { createFileRoute, useNavigate } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { KeysView } from '@/features/keys/keys-view'
import { keysSearch } from '@/features/keys/search'
import { ProviderPage } from '@/features/providers/provider-page'

const tabs = ['overview', 'keys', 'health', 'settings']

export const Route = createFileRoute('/_app/providers/$name')({
  validateSearch: z.object({ tab: z.catch(z.optional(z.enum(tabs)), undefined), ...keysSearch }),
  component: function Provider() {
    const { name } = Route.useParams()
    const { tab, ...search } = Route.useSearch()
    const navigate = useNavigate({ from: Route.fullPath })
    return (
      <ProviderPage
        key={name}
        name={name}
        tab={tab ?? 'overview'}
        onTab={(next) => void navigate({ search: { tab: next }, replace: true })}
        keys={
          <KeysView
            provider={name}
            search={search}
            onSearch={(part) =>
              void navigate({ search: (before) => ({ ...before, ...part }), replace: !('key' in part) })
            }
          />
        }
      />
    )
  },
})
