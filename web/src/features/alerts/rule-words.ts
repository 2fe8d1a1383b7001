import type { TFunction } from 'i18next'
import type { Condition, RuleSpec } from './queries'

/** What a rule is made of, by what it looks for; the form asks only for that. */
export const conditions: Record<
  Condition,
  { unit?: 'keys' | 'percent' | 'ms'; threshold?: number; window?: true; minimum?: true }
> = {
  provider_unhealthy: {},
  few_keys: { unit: 'keys', threshold: 1 },
  provider_errors: { unit: 'percent', threshold: 10, window: true, minimum: true },
  request_errors: { unit: 'percent', threshold: 10, window: true, minimum: true },
  latency: { unit: 'ms', threshold: 5000, window: true, minimum: true },
  budget: { unit: 'percent', threshold: 80 },
  records_dropped: { window: true },
  job_failed: { window: true },
}

export function isCondition(text: string): text is Condition {
  return text in conditions
}

/** A time such as `5m` or `90` (seconds), in parts. */
export function partsOf(span: string | number): { amount: string; unit: string } {
  const found = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d)?\s*$/.exec(String(span))
  const unit = found?.[2] ?? 's'
  return { amount: found?.[1] ?? '0', unit: unit === 'min' ? 'm' : unit }
}

export function spanInWords(span: string | number, t: TFunction<'alerts'>): string {
  const { amount, unit } = partsOf(span)
  return t(`span.${unit}`, { count: Number(amount) })
}

/** The rule in a sentence: "a provider has fewer than 3 usable keys". */
export function sentenceOf(spec: Omit<RuleSpec, 'name'>, t: TFunction<'alerts'>): string {
  return t(`sentence.${spec.when}`, {
    threshold: spec.threshold ?? conditions[spec.when].threshold,
    percentile: spec.percentile ?? 95,
    window: spanInWords(spec.window ?? '5m', t),
  })
}
