import type { TFunction } from 'i18next'
import * as z from 'zod/mini'
import type { formats } from '@/lib/format'

const named = { provider: z.string() }
const shape = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('provider_unhealthy'),
    ...named,
    disabled: z.boolean(),
    reason: z.nullish(z.string()),
  }),
  z.object({ kind: z.literal('few_keys'), ...named, usable: z.number(), total: z.number() }),
  z.object({ kind: z.literal('provider_errors'), ...named, percent: z.number(), calls: z.number() }),
  z.object({ kind: z.literal('request_errors'), percent: z.number(), requests: z.number() }),
  z.object({
    kind: z.literal('latency'),
    ...named,
    percentile: z.number(),
    milliseconds: z.number(),
    requests: z.number(),
  }),
  z.object({ kind: z.literal('budget'), owner: z.string(), percent: z.number(), limit: z.string() }),
  z.object({ kind: z.literal('records_dropped'), records: z.number() }),
  z.object({
    kind: z.literal('job_failed'),
    job: z.string(),
    jobs: z.number(),
    error: z.nullish(z.string()),
  }),
  z.object({ kind: z.literal('test') }),
])

type Words = { title: string; detail?: string | undefined }

/** What an alert found, in the reader's language; findings of later versions in the server's words. */
export function wordsOf(
  { finding, title }: { finding?: unknown; title: string },
  t: TFunction<'alerts'>,
  format: ReturnType<typeof formats>,
): Words {
  const read = shape.safeParse(finding)
  if (!read.success) return { title }
  const found = read.data
  switch (found.kind) {
    case 'provider_unhealthy': {
      const key = found.disabled ? 'found.provider_disabled' : 'found.provider_unhealthy'
      return { title: t(key, found), detail: found.reason ?? undefined }
    }
    case 'latency':
      return { title: t('found.latency', { ...found, time: format.duration(found.milliseconds) }) }
    case 'budget':
      return { title: t('found.budget', { ...found, what: t(`limits.${found.limit}`, found.limit) }) }
    case 'job_failed':
      return { title: t('found.job_failed', found), detail: found.error ?? undefined }
    case 'few_keys':
      return { title: t('found.few_keys', { ...found, count: found.usable }) }
    default:
      return { title: t(`found.${found.kind}`, found) }
  }
}
