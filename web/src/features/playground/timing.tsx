import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/lib/format'
import type { Run } from './state'

/** How long a call took, what it cost, and who answered after how many attempts. */
export function Timing({ run }: { run: Run }) {
  const { t } = useTranslation('playground')
  const format = useFormat()
  const { startedAt, firstAt, endedAt, headers, answer } = run
  const seconds = firstAt !== undefined && endedAt !== undefined ? (endedAt - firstAt) / 1000 : 0
  const cost = headers['x-roundhouse-cost-usd']
  const id = headers['x-request-id']
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
    cost && t('cost', { cost: format.money(Number(cost) * 1e9) }),
    answer.finishReason && t('finish', { reason: answer.finishReason }),
  ].filter((fact) => typeof fact === 'string' && fact !== '')
  if (facts.length === 0) return null
  return (
    <footer className="border-line text-ink-faint flex flex-wrap gap-x-3 gap-y-1 border-t px-4 py-2 text-xs tabular-nums">
      {facts.map((fact) => (
        <span key={String(fact)}>{fact}</span>
      ))}
      {id && endedAt !== undefined && (
        <Link to="/requests/$id" params={{ id }} className="text-brand hover:underline">
          {t('details')}
        </Link>
      )}
    </footer>
  )
}
