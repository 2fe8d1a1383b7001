import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { ApiError, type Schema, api, body } from '@/lib/api'

export type Route = Schema<'ShownRoute'>
export type ShownTarget = Schema<'ShownTarget'>

export const origin = z.enum(['implicit', 'configured', 'declared'])

export type Filter = {
  q?: string | undefined
  provider?: string | undefined
  origin?: z.infer<typeof origin> | undefined
}

export const routesQuery = ({ q, provider, origin }: Filter) =>
  infiniteQueryOptions({
    queryKey: ['routes', 'list', q, provider, origin],
    queryFn: ({ pageParam }) => {
      const query = {
        limit: 100,
        ...(q ? { q } : {}),
        ...(provider ? { provider } : {}),
        ...(origin ? { origin } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      }
      return body(api.GET('/api/v1/routes', { params: { query } }))
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** A name's route; null when nobody serves it yet. */
export const routeQuery = (model: string) =>
  queryOptions({
    queryKey: ['routes', 'whole', model],
    queryFn: async () => {
      try {
        return await body(api.GET('/api/v1/routes/{model}', { params: { path: { model } } }))
      } catch (error) {
        if (error instanceof ApiError && error.problem.code === 'route_not_found') return null
        throw error
      }
    },
  })

/** A request that is thought of. */
export type Asked = {
  access_key?: string | undefined
  operation?: string | undefined
  session?: string | undefined
}

const given = ({ access_key, operation }: Asked) => ({
  ...(access_key ? { access_key } : {}),
  ...(operation ? { operation } : {}),
})

/** How things stand changes by itself, so it is asked again now and then. */
export const explainQuery = (model: string, asked: Asked) =>
  queryOptions({
    queryKey: ['routes', 'explain', model, asked],
    queryFn: () =>
      body(
        api.POST('/api/v1/routes/{model}/explain', {
          params: { path: { model } },
          body: { ...given(asked), ...(asked.session ? { session: asked.session } : {}) },
        }),
      ),
    refetchInterval: 15_000,
  })

export const simulateQuery = (model: string, asked: Asked, requests: number) =>
  queryOptions({
    queryKey: ['routes', 'simulate', model, asked.access_key, asked.operation, requests],
    queryFn: () =>
      body(
        api.POST('/api/v1/routes/{model}/simulate', {
          params: { path: { model } },
          body: { ...given(asked), requests },
        }),
      ),
    refetchInterval: 15_000,
  })

export const accessKeysQuery = queryOptions({
  queryKey: ['access-keys', 'choices'],
  queryFn: async () =>
    (await body(api.GET('/api/v1/access-keys', { params: { query: { limit: 500 } } }))).items,
})

/** Models to choose targets from. */
export const offersQuery = (provider: string, q: string) =>
  queryOptions({
    queryKey: ['models', 'offers', provider, q],
    queryFn: () => {
      const query = { limit: 200, ...(provider ? { provider } : {}), ...(q ? { q } : {}) }
      return body(api.GET('/api/v1/models', { params: { query } }))
    },
  })
