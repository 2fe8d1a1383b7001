import * as z from 'zod/mini'

export const statuses = ['active', 'cooling', 'invalid', 'disabled']

/** What the address says of the list of keys: its filters, and what is open over it. */
export const keysSearch = {
  status: z.catch(z.optional(z.enum(statuses)), undefined),
  q: z.optional(z.coerce.string()),
  tag: z.optional(z.coerce.string()),
  dialog: z.catch(z.optional(z.enum(['add', 'import'])), undefined),
  key: z.optional(z.string()),
  job: z.optional(z.string()),
}

const shape = z.object(keysSearch)
export type KeysSearch = z.infer<typeof shape>
