import { createFileRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { AccessKeyList } from '@/features/access-keys/access-key-list'
import { CreateDialog } from '@/features/access-keys/create-dialog'

export const Route = createFileRoute('/_app/access-keys/')({
  validateSearch: z.object({
    q: z.optional(z.string()),
    state: z.optional(z.string()),
    add: z.optional(z.boolean()),
  }),
  component: function AccessKeys() {
    const { add, ...filters } = Route.useSearch()
    const navigate = Route.useNavigate()
    const showAdd = (open: boolean) =>
      void navigate({ search: (before) => ({ ...before, add: open || undefined }) })
    return (
      <>
        <AccessKeyList
          filters={filters}
          onFilters={(next) => void navigate({ search: { ...next, add }, replace: true })}
          onAdd={() => showAdd(true)}
        />
        <CreateDialog open={add ?? false} onOpenChange={showAdd} />
      </>
    )
  },
})
