import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Column } from '@/components/ui/data-table'
import { ShareBar } from './share-bar'
import { OriginBadge } from './origin-badge'
import type { Route } from './queries'

export function useColumns(): Column<Route>[] {
  const { t } = useTranslation('routes')
  return [
    {
      id: 'model',
      header: t('publicName'),
      className: 'max-w-0 w-[40%] min-w-40',
      cell: ({ model }) => (
        <Link
          to="/routes/$model"
          params={{ model }}
          className="hover:text-brand block truncate font-medium"
          title={model}
        >
          {model}
        </Link>
      ),
    },
    { id: 'origin', header: t('origin'), cell: ({ origin }) => <OriginBadge origin={origin} /> },
    {
      id: 'targets',
      header: t('targets'),
      from: 'sm',
      className: 'w-56 whitespace-nowrap',
      cell: ({ tiers }) => {
        const count = tiers.flat().length
        return (
          <span className="flex items-center gap-2">
            <span className="w-24">
              <ShareBar
                label={t('shares')}
                parts={tiers
                  .flat()
                  .map(({ provider, model, share }) => ({ key: `${provider}\n${model}`, share }))}
              />
            </span>
            {t('targetCount', { count })}
          </span>
        )
      },
    },
    {
      id: 'providers',
      header: t('providers'),
      from: 'md',
      className: 'max-w-0 w-[25%]',
      cell: ({ tiers }) => {
        const names = [...new Set(tiers.flat().map(({ provider }) => provider))].join(', ')
        return (
          <span className="text-ink-soft block truncate" title={names}>
            {names}
          </span>
        )
      },
    },
    {
      id: 'strategy',
      header: t('strategy'),
      from: 'lg',
      className: 'whitespace-nowrap',
      cell: ({ strategy }) => t(`strategies.${strategy}`),
    },
    {
      id: 'state',
      header: t('state'),
      className: 'whitespace-nowrap',
      cell: ({ tiers }) => {
        const ready = tiers.flat().filter(({ order }) => order !== null && order !== undefined).length
        const all = tiers.flat().length
        if (ready === 0) return <span className="text-bad font-medium">{t('nobodyReady')}</span>
        return <span className={ready < all ? 'text-warn' : 'text-good'}>{t('readyOf', { ready, all })}</span>
      },
    },
  ]
}
