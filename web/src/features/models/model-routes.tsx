import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Skeleton } from '@/components/ui/states'
import { Badge } from '@/components/ui/surface'
import { api, body } from '@/lib/api'
import { useFormat } from '@/lib/format'
import type { Model } from './queries'

/** Which routes lead to a model, and how much of them it gets as things stand. */
export function ModelRoutes({ model }: { model: Model }) {
  const { t } = useTranslation('models')
  const format = useFormat()
  const routes = useQueries({
    queries: model.public_names.map((name) => ({
      queryKey: ['routes', 'one', name],
      queryFn: () => body(api.GET('/api/v1/routes/{model}', { params: { path: { model: name } } })),
    })),
  })
  if (model.public_names.length === 0) return <p className="text-ink-soft">{t('noRoutes')}</p>
  return (
    <ul className="flex flex-col gap-2">
      {model.public_names.map((name, index) => {
        const route = routes[index]
        const targets = route?.data?.tiers.flat() ?? []
        const own = targets.find(
          (target) => target.provider === model.provider && target.model === model.name,
        )
        return (
          <li key={name} className="flex flex-wrap items-center gap-2">
            <Link
              to="/routes/$model"
              params={{ model: name }}
              className="text-brand font-medium break-all hover:underline"
            >
              {name}
            </Link>
            {route?.isPending && <Skeleton className="h-4 w-32" />}
            {route?.data && <Badge>{t(`origins.${route.data.origin}`)}</Badge>}
            {route?.data && (
              <span className="text-ink-soft">
                {own
                  ? t('routeShare', { share: format.percent(own.share), count: targets.length })
                  : t('routeWithout')}
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
