import { createFileRoute } from '@tanstack/react-router'
import { UserDetail } from '@/features/people/user-detail'

export const Route = createFileRoute('/_app/users/$id')({
  component: function User() {
    const { id } = Route.useParams()
    return <UserDetail key={id} id={id} />
  },
})
