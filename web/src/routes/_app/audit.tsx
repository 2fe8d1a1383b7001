import { createFileRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { AuditPage } from '@/features/audit/audit-page'
import { timeRangeSearch } from '@/lib/time-range'

const text = z.optional(z.catch(z.optional(z.string()), undefined))
const validateSearch = z.object({
  ...timeRangeSearch,
  actor: text,
  action: text,
  object_kind: text,
  object_id: z.optional(
    z.catch(z.optional(z.pipe(z.union([z.string(), z.number()]), z.transform(String))), undefined),
  ),
  entry: text,
})

export const Route = createFileRoute('/_app/audit')({ validateSearch, component: Page })

function Page() {
  const navigate = Route.useNavigate()
  return (
    <AuditPage
      search={Route.useSearch()}
      onSearch={(part) => void navigate({ search: (before) => ({ ...before, ...part }) })}
    />
  )
}
