import * as z from 'zod/mini'
import { type Schema, api, body } from '@/lib/api'
import { type Filter, asked } from './queries'

/** Which models: those that were ticked, or all that fit a filter. */
export type Pick = { ids: string[] } | { filter: Filter }

export type Action = Schema<'BatchAction'>
export type Rule = { action: Action; pattern?: string; with?: string; prefix?: string }

// The document's `ShownChange` is that of revisions, which has the same name; so this is read by hand.
const change = z.object({
  id: z.string(),
  provider: z.string(),
  model: z.string(),
  names_before: z.array(z.string()),
  names_after: z.array(z.string()),
})
const changes = z.array(change)

export type Outcome = {
  changes: z.infer<typeof changes>
  unchanged: number
  skipped: Schema<'Skipped'>[]
  merges: Schema<'ShownMerge'>[]
}

/** Does a thing to many models in one revision, or only tells what it would do. */
export async function changeMany(
  pick: Pick,
  rule: Rule,
  dryRun: boolean,
  signal?: AbortSignal,
): Promise<Outcome> {
  const which = 'ids' in pick ? { ids: pick.ids } : { filter: asked(pick.filter) }
  const outcome = await body(
    api.POST('/api/v1/models/batch', {
      body: { ...which, ...rule, dry_run: dryRun },
      ...(signal ? { signal } : {}),
    }),
  )
  return { ...outcome, changes: changes.parse(outcome.changes) }
}

/** Whether a rule says enough to be tried. */
export function isComplete({ action, pattern, prefix }: Rule): boolean {
  if (action === 'rename') return Boolean(pattern)
  if (action === 'add_prefix' || action === 'strip_prefix') return Boolean(prefix)
  return true
}
