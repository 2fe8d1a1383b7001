import { type InfiniteData, infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query'
import { type Schema, api, body } from '@/lib/api'
import type { KeysSearch } from './search'

export type Key = Schema<'ShownProviderKey'>
type Page = Schema<'Page_ShownProviderKey'>

export type Filter = Pick<KeysSearch, 'status' | 'q' | 'tag'>

/** Pages are as large as the server gives: 100,000 keys are 200 of them, fetched while one scrolls. */
export const keysQuery = (provider: string, { status, q, tag }: Filter) =>
  infiniteQueryOptions({
    queryKey: ['keys', provider, 'list', { status, q, tag }],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/api/v1/providers/{id}/keys', {
          params: {
            path: { id: provider },
            query: { limit: 500, cursor: pageParam || undefined, status, q, tag },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    // Comparing all rows with those before takes longer than drawing the few in view.
    structuralSharing: false,
    staleTime: 30_000,
    refetchOnWindowFocus: false,
    // Long lists are refreshed by hand or by what changes them.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? 15_000 : false),
  })

export const countsQuery = (provider: string) =>
  queryOptions({
    queryKey: ['keys', provider, 'counts'],
    queryFn: () =>
      body(api.GET('/api/v1/providers/{id}/keys/counts', { params: { path: { id: provider } } })),
    refetchInterval: 10_000,
  })

export const keyQuery = (id: string) =>
  queryOptions({
    queryKey: ['provider-key', id],
    queryFn: () => body(api.GET('/api/v1/provider-keys/{id}', { params: { path: { id } } })),
  })

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: () => body(api.GET('/api/v1/providers')),
})

/** How lists learn of changes: one key is put in its place, many begin anew from the first page. */
export function useKeyChanges(provider: string) {
  const client = useQueryClient()
  const counted = () => {
    void client.invalidateQueries({ queryKey: ['keys', provider, 'counts'] })
    void client.invalidateQueries({ queryKey: ['providers'] })
  }
  return {
    one: (key: Key) => {
      client.setQueryData(['provider-key', key.id], key)
      client.setQueriesData<InfiniteData<Page>>(
        { queryKey: ['keys', provider, 'list'] },
        (data) =>
          data && {
            ...data,
            pages: data.pages.map((page) =>
              page.items.some(({ id }) => id === key.id)
                ? { ...page, items: page.items.map((item) => (item.id === key.id ? key : item)) }
                : page,
            ),
          },
      )
      counted()
    },
    many: () => {
      void client.resetQueries({ queryKey: ['keys', provider, 'list'] })
      counted()
    },
  }
}
