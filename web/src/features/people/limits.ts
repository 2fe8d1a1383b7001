import type { Schema } from '@/lib/api'
import type { Limits } from './data'

type Usage = Schema<'ShownUsage'>
export type LimitName = keyof Limits

/** Every limit, how it is counted, and how much of it is used where that is known. */
export const limitFields: {
  name: LimitName
  unit: 'usd' | 'tokens' | 'requests'
  used?: (usage: Usage) => number
}[] = [
  { name: 'usd_per_day', unit: 'usd', used: (usage) => usage.today.cost_usd },
  { name: 'usd_per_month', unit: 'usd', used: (usage) => usage.this_month.cost_usd },
  { name: 'tokens_per_day', unit: 'tokens', used: (usage) => usage.today.tokens },
  { name: 'tokens_per_month', unit: 'tokens', used: (usage) => usage.this_month.tokens },
  { name: 'tokens_per_minute', unit: 'tokens' },
  { name: 'requests_per_day', unit: 'requests', used: (usage) => usage.today.requests },
  { name: 'requests_per_minute', unit: 'requests' },
  { name: 'concurrent', unit: 'requests', used: (usage) => usage.open_requests },
]

export type LimitTexts = Partial<Record<LimitName, string>>

/** Limits as the form shows them: what is empty is unlimited. */
export function toTexts(limits: Limits): LimitTexts {
  const texts: LimitTexts = {}
  for (const { name } of limitFields) {
    const value = limits[name]
    if (value !== null && value !== undefined) texts[name] = String(value)
  }
  return texts
}

/** What the form holds as limits; numbers that cannot be read are left to the browser's check. */
export function toLimits(texts: LimitTexts): Limits {
  const limits: Limits = {}
  for (const { name } of limitFields) {
    const text = texts[name]?.trim()
    if (text) limits[name] = Number(text)
  }
  return limits
}
