import { createFileRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { GroupDetail } from '@/features/people/group-detail'

const tabs = z.enum(['members', 'permissions', 'limits'])

export const Route = createFileRoute('/_app/groups/$id')({
  validateSearch: z.object({ tab: z.optional(tabs) }),
  component: function Group() {
    const { id } = Route.useParams()
    const { tab } = Route.useSearch()
    const navigate = Route.useNavigate()
    return (
      <GroupDetail
        key={id}
        id={id}
        tab={tab ?? 'members'}
        onTab={(value) => void navigate({ search: { tab: tabs.parse(value) }, replace: true })}
      />
    )
  },
})
