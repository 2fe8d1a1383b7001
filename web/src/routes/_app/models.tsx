import { createFileRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { ModelsPage } from '@/features/models/models-page'
import { status } from '@/features/models/queries'

const text = z.optional(z.coerce.string())

const search = z.object({
  provider: text,
  q: text,
  status: z.catch(z.optional(status), undefined),
  model: text,
  dialog: z.catch(z.optional(z.enum(['rules', 'sync'])), undefined),
})

export const Route = createFileRoute('/_app/models')({ validateSearch: search, component: Models })

function Models() {
  const navigate = Route.useNavigate()
  return (
    <ModelsPage
      search={Route.useSearch()}
      go={(part) =>
        void navigate({ search: (before) => ({ ...before, ...part }), replace: !('model' in part) })
      }
    />
  )
}
