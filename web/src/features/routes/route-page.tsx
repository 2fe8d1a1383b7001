import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { BackLink } from '@/components/back-link'
import { Loading } from '@/components/ui/states'
import { RouteView } from './route-view'
import { type Asked, routeQuery } from './queries'

export type RouteSearch = Asked & { requests?: number | undefined }

type Props = { model: string; search: RouteSearch; go: (part: RouteSearch) => void }

/** How one public name is served. */
export function RoutePage({ model, search, go }: Props) {
  const { t } = useTranslation('routes')
  const query = useQuery(routeQuery(model))
  return (
    <>
      <BackLink to="/routes">{t('title')}</BackLink>
      <Loading query={query}>
        {(route) => <RouteView key={model} model={model} route={route} search={search} go={go} />}
      </Loading>
    </>
  )
}
