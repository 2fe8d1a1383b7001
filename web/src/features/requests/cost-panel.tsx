import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Panel } from '@/components/ui/surface'
import { api, body } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import type { LoggedRequest } from './queries'
import { type Kind, partsOf, priceOf, tokensOf } from './tokens-of'

const colours: Record<Kind, string> = {
  input: 'var(--chart-1)',
  cached: 'var(--chart-6)',
  cache_write: 'var(--chart-4)',
  audio_input: 'var(--chart-7)',
  output: 'var(--chart-2)',
  reasoning: 'var(--chart-3)',
  audio_output: 'var(--chart-5)',
}

/** Tokens by kind, what each kind costs, and what all of it came to. */
export function CostPanel({ request }: { request: LoggedRequest }) {
  const { t } = useTranslation('requests')
  const format = useFormat()
  const price = usePrice(request)
  const parts = partsOf(tokensOf(request.usage))
  const whole = parts.reduce((sum, [, tokens]) => sum + tokens, 0)
  const perMillion = new Intl.NumberFormat(format.locale, { maximumFractionDigits: 4 })
  return (
    <Panel title={t('tokensAndCost')}>
      {whole === 0 ? (
        <p className="text-ink-soft">{t('noTokens')}</p>
      ) : (
        <>
          <div className="flex h-3 gap-px overflow-hidden rounded-full" aria-hidden>
            {parts.map(([kind, tokens]) => (
              <span key={kind} style={{ flexGrow: tokens, background: colours[kind] }} />
            ))}
          </div>
          <table className="mt-3 w-full">
            <thead className="text-ink-faint text-xs">
              <tr>
                <th className="py-1 text-left font-medium">{t('kind')}</th>
                <th className="py-1 text-right font-medium">{t('tokens')}</th>
                <th className="py-1 text-right font-medium">{t('perMillion')}</th>
              </tr>
            </thead>
            <tbody>
              {parts.map(([kind, tokens]) => {
                const dollars = priceOf(price?.prices, kind)
                return (
                  <tr key={kind}>
                    <td className="py-1">
                      <span className="flex items-center gap-2">
                        <span
                          className="size-2 shrink-0 rounded-full"
                          style={{ background: colours[kind] }}
                          aria-hidden
                        />
                        {t(`kinds.${kind}`)}
                      </span>
                    </td>
                    <td className="py-1 text-right tabular-nums">{format.number(tokens)}</td>
                    <td className="text-ink-soft py-1 text-right tabular-nums">
                      {dollars === undefined ? '–' : `$${perMillion.format(dollars)}`}
                    </td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </>
      )}
      <p className="border-line mt-3 flex items-baseline justify-between border-t pt-3">
        <span className="text-ink-soft">{t('cost')}</span>
        <span className="text-lg font-semibold tabular-nums">
          {request.cost_nanousd == null
            ? whole === 0
              ? '–'
              : t('noPrice')
            : format.money(request.cost_nanousd)}
        </span>
      </p>
      {request.estimated && <p className="text-ink-faint mt-1 text-xs">{t('estimated')}</p>}
      {price?.prices && (
        <p className="text-ink-faint mt-1 text-xs break-words">
          {t('priceSource', { source: price.source ?? t('unknown') })}
        </p>
      )}
    </Panel>
  )
}

/** What the model that answered costs now; prices of the past are not kept, only what they made the request cost. */
function usePrice({ attempts }: LoggedRequest) {
  const mayDo = useMay()
  const last = attempts.at(-1)
  const { data } = useQuery({
    queryKey: ['prices', last?.model],
    queryFn: () => body(api.GET('/api/v1/prices', { params: { query: { q: last?.model ?? '' } } })),
    enabled: last !== undefined && mayDo('models.read'),
    staleTime: 300_000,
  })
  return data?.find(({ provider, model }) => provider === last?.provider && model === last.model)
}
