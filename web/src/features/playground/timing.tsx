import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, body } from '@/lib/api'
import { useFormat } from '@/lib/format'
import type { Run } from './state'

/** How long a call took, what it cost, and who answered after how many attempts. */
export function Timing({ run }: { run: Run }) {
  const { t } = useTranslation('playground')
  const format = useFormat()
  const { startedAt, firstAt, endedAt, headers, answer } = run
  const seconds = firstAt !== undefined && endedAt !== undefined ? (endedAt - firstAt) / 1000 : 0
  const id = headers['x-request-id']
  const logged = useLogged(endedAt === undefined ? undefined : id)
  const told = headers['x-roundhouse-cost-usd']
  const cost = told ? Number(told) * 1e9 : logged?.cost_nanousd
  const facts = [
    firstAt !== undefined && t('firstAfter', { time: format.duration(firstAt - startedAt) }),
    endedAt !== undefined && t('totalAfter', { time: format.duration(endedAt - startedAt) }),
    answer.usage &&
      t('tokens', { input: format.number(answer.usage.input), output: format.number(answer.usage.output) }),
    answer.usage &&
      seconds > 0.05 &&
      t('speed', { rate: format.number(Math.round(answer.usage.output / seconds)) }),
    headers['x-roundhouse-provider'] && t('provider', { name: headers['x-roundhouse-provider'] }),
    headers['x-roundhouse-attempts'] && t('attempts', { count: Number(headers['x-roundhouse-attempts']) }),
    typeof cost === 'number' && t('cost', { cost: format.money(cost) }),
    answer.finishReason && t('finish', { reason: answer.finishReason }),
  ].filter((fact) => typeof fact === 'string' && fact !== '')
  if (facts.length === 0) return null
  return (
    <footer className="border-line text-ink-faint flex flex-wrap gap-x-3 gap-y-1 border-t px-4 py-2 text-xs tabular-nums">
      {facts.map((fact) => (
        <span key={String(fact)}>{fact}</span>
      ))}
      {logged && logged.attempts.length > 1 && (
        <ol className="basis-full">
          {logged.attempts.map((attempt, index) => (
            <li key={index} className="break-words">
              {index + 1}. {attempt.provider}/{attempt.model} · {attempt.status ?? attempt.verdict} ·{' '}
              {format.duration(attempt.duration_ms)}
            </li>
          ))}
        </ol>
      )}
      {id && endedAt !== undefined && (
        <Link to="/requests/$id" params={{ id }} className="text-brand hover:underline">
          {t('details')}
        </Link>
      )}
    </footer>
  )
}

/** What the log tells of a call: streams' heads go out before their cost is known, and it has every attempt's time. */
function useLogged(id: string | undefined) {
  const { data } = useQuery({
    queryKey: ['playground', 'logged', id],
    queryFn: () => body(api.GET('/api/v1/requests/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: id !== undefined,
    staleTime: Infinity,
    // The log is written some moments after the answer.
    retry: 4,
    retryDelay: 700,
  })
  return data
}
