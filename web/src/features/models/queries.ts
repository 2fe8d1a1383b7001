import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { type Schema, api, body } from '@/lib/api'

export type Model = Schema<'ShownModel'>

export const status = z.enum(['served', 'disabled', 'missing', 'deleted'])
export type Status = z.infer<typeof status>

/** What the page shows; `status` absent is all but the deleted ones. */
export type Filter = { provider?: string | undefined; q?: string | undefined; status?: Status | undefined }

/** The filter as the API says it. */
export function asked({ provider, q, status }: Filter) {
  const which = provider ? { provider } : {}
  const text = q ? { q } : {}
  const states = {
    served: { enabled: true },
    disabled: { enabled: false, missing: false },
    missing: { missing: true },
    deleted: { deleted: true },
  }
  return { ...which, ...text, ...(status ? states[status] : {}) }
}

export const modelsQuery = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ['models', 'list', filter],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/api/v1/models', {
          params: { query: { ...asked(filter), limit: 200, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** Two calls: deleted ones are counted only where they are asked for. */
export const countsQuery = ({ provider, q }: Filter) =>
  queryOptions({
    queryKey: ['models', 'counts', provider, q],
    queryFn: async () => {
      const count = (status?: Status) =>
        body(api.GET('/api/v1/models/counts', { params: { query: asked({ provider, q, status }) } }))
      const [live, gone] = await Promise.all([count(), count('deleted')])
      return { ...live, deleted: gone.deleted, all: live.served + live.disabled + live.missing }
    },
  })

/** One model. */
export const modelQuery = (id: string) =>
  queryOptions({
    queryKey: ['models', 'one', id],
    queryFn: () => body(api.GET('/api/v1/models/{id}', { params: { path: { id } } })),
  })

const amounts = z.catchall(z.object({}), z.unknown())
const amount = z.number()

export type Price = {
  /** Dollars per million tokens, by kind of tokens. */
  amounts: Record<string, number>
  source: string | undefined
  /** Prices that depend on the prompt's length or the time of day, as the API says them. */
  special: Record<string, unknown>
}

/** What models cost, by provider and model. Null: it is served, and nobody knows its price. */
export const pricesQuery = queryOptions({
  queryKey: ['prices', 'all'],
  staleTime: 60_000,
  queryFn: async () => {
    const items = await body(api.GET('/api/v1/prices'))
    return new Map(
      items.map(({ provider, model, prices, source }): [string, Price | null] => [
        priceKey(provider, model),
        prices ? { ...readPrices(prices), source: source ?? undefined } : null,
      ]),
    )
  },
})

export const priceKey = (provider: string, model: string) => `${provider}\n${model}`

function readPrices(prices: unknown): Pick<Price, 'amounts' | 'special'> {
  const all = Object.entries(amounts.parse(prices))
  const flat = all.flatMap(([kind, value]): [string, number][] => {
    const read = amount.safeParse(value)
    return read.success ? [[kind, read.data]] : []
  })
  const special = all.filter(([, value]) => Array.isArray(value) && value.length > 0)
  return { amounts: Object.fromEntries(flat), special: Object.fromEntries(special) }
}
