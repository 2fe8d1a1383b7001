import { useQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { Loading } from '@/components/ui/states'
import { AccessKeyPage } from '@/features/access-keys/access-key-page'
import { oneQuery } from '@/features/access-keys/queries'

export const Route = createFileRoute('/_app/access-keys/$id')({
  component: function OneAccessKey() {
    const { id } = Route.useParams()
    return (
      <Loading query={useQuery(oneQuery(id))}>
        {(accessKey) => <AccessKeyPage accessKey={accessKey} />}
      </Loading>
    )
  },
})
