import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Loading } from '@/components/ui/states'
import { useFormat } from '@/lib/format'
import { type Asked, simulateQuery } from './queries'
import { colour } from './share-bar'

/** How so many requests would be spread as things stand. */
export function Simulation({ model, asked, requests }: { model: string; asked: Asked; requests: number }) {
  const { t } = useTranslation('routes')
  const format = useFormat()
  const query = useQuery(simulateQuery(model, asked, requests))
  return (
    <Loading query={query}>
      {(portions) =>
        portions.length === 0 ? (
          <p className="text-ink-soft">{t('explain.nobody')}</p>
        ) : (
          <ul className="flex flex-col gap-3">
            {portions.map(({ provider, model, tier, requests, share }, index) => (
              <li key={`${provider}\n${model}\n${index}`}>
                <div className="flex flex-wrap items-baseline gap-x-2">
                  <span className="font-medium break-all">{model}</span>
                  <span className="text-ink-soft text-xs">
                    {provider} · {t('tier', { number: tier + 1 })}
                  </span>
                  <span className="ml-auto tabular-nums">
                    <strong className="font-semibold">{format.percent(share)}</strong>{' '}
                    <span className="text-ink-faint text-xs">{format.number(requests)}</span>
                  </span>
                </div>
                <div className="bg-sunken mt-1 h-2.5 overflow-hidden rounded-full" aria-hidden>
                  <div
                    className="h-full rounded-full transition-[width]"
                    style={{ width: `${share * 100}%`, background: colour(index) }}
                  />
                </div>
              </li>
            ))}
          </ul>
        )
      }
    </Loading>
  )
}
