import { createFileRoute, redirect } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { DashboardPage } from '@/features/dashboard/dashboard'
import { measures, offered, ranges, views } from '@/features/dashboard/search'
import { may, meQuery } from '@/lib/session'

const oneOf = <T extends string>(names: T[]) => z.optional(z.catch(z.optional(z.enum(names)), undefined))

export const Route = createFileRoute('/_app/')({
  validateSearch: z.object({
    range: oneOf(ranges),
    paused: z.optional(z.catch(z.optional(z.boolean()), undefined)),
    view: oneOf(views),
    by: oneOf(offered),
    measure: oneOf(measures),
  }),
  // Members have no dashboard of everybody's requests: they come to use models, or to see what they used.
  beforeLoad: async ({ context }) => {
    const me = await context.queryClient.ensureQueryData(meQuery)
    if (may(me, 'usage.read')) return
    throw redirect({ to: may(me, 'models.use') ? '/playground' : '/usage' })
  },
  component: function Dashboard() {
    const search = Route.useSearch()
    const navigate = Route.useNavigate()
    return (
      <DashboardPage
        search={search}
        onChange={(change) =>
          void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false })
        }
      />
    )
  },
})
