import { queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { api, body } from '@/lib/api'

export const kind = z.enum(['replace', 'strip_prefix', 'strip_suffix', 'lower_case', 'spelling'])
export type Kind = z.infer<typeof kind>

const rule = z.object({
  name: z.string(),
  kind,
  pattern: z.optional(z.string()),
  with: z.optional(z.string()),
  texts: z.optional(z.array(z.string())),
  enabled: z._default(z.boolean(), true),
})
export type NameRule = z.infer<typeof rule>

const normalisation = z.object({
  enabled: z.boolean(),
  keep_original: z.boolean(),
  rules: z.array(rule),
})
export type Normalisation = z.infer<typeof normalisation>

/** The rules in force, and whether they can be changed here. */
export const rulesQuery = queryOptions({
  queryKey: ['settings', 'normalisation'],
  queryFn: async () => {
    const { settings, editable, origins } = await body(api.GET('/api/v1/settings'))
    const { normalisation: read } = z.object({ normalisation }).parse(settings)
    const declared = Object.entries(origins).some(
      ([pointer, origin]) => pointer.startsWith('/normalisation') && origin.from !== 'console',
    )
    return { rules: read, editable: editable.includes('normalisation') && !declared }
  },
})

/** What rules would do to all models. */
export const previewOf = (rules: Normalisation) =>
  queryOptions({
    queryKey: ['models', 'preview', rules],
    queryFn: ({ signal }) =>
      body(api.POST('/api/v1/models/preview', { body: { ...rules, enabled: true }, signal })),
  })

/** Puts rules in force; null brings the built-in ones back. */
export function saveRules(rules: Normalisation | null) {
  // The document says of the body only that it is an object, which types as one without any fields.
  return api.PATCH('/api/v1/settings', {
    body: {},
    bodySerializer: () => JSON.stringify({ normalisation: rules }),
  })
}

/** The fields that count for a rule's kind; those of other kinds would be refused. */
export function tidy({ name, kind, pattern, with: text, texts, enabled }: NameRule): NameRule {
  const own = { name, kind, enabled }
  if (kind === 'replace') return { ...own, pattern: pattern ?? '', ...(text ? { with: text } : {}) }
  if (kind === 'spelling') return { ...own, with: text ?? '', texts: texts ?? [] }
  if (kind === 'lower_case') return own
  return { ...own, texts: texts ?? [] }
}
