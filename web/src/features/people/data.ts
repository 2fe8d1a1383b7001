import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { type Schema, api, body } from '@/lib/api'

export type User = Schema<'ShownUser'>
export type Profile = Schema<'ShownProfile'>
export type Group = Schema<'ShownGroup'>
export type Limits = Schema<'Limits'>
export type Sent = Schema<'ShownSent'>

/** What the list of people is narrowed to; it is in the address. */
export const userFilters = z.object({
  q: z.optional(z.string()),
  role: z.optional(z.enum(['administrator', 'member'])),
  disabled: z.optional(z.boolean()),
  group: z.optional(z.string()),
})
export type UserFilters = z.infer<typeof userFilters>

type After = { cursor?: string }
const after = (last: { next_cursor?: string | null }): After | undefined =>
  last.next_cursor ? { cursor: last.next_cursor } : undefined
const first: After = {}

export function usersQuery(filters: UserFilters) {
  return infiniteQueryOptions({
    queryKey: ['users', 'list', filters],
    queryFn: ({ pageParam }) =>
      body(api.GET('/api/v1/users', { params: { query: { limit: 100, ...filters, ...pageParam } } })),
    initialPageParam: first,
    getNextPageParam: after,
    // What is shown stays while one types.
    placeholderData: keepPreviousData,
  })
}

export function userQuery(id: string) {
  return queryOptions({
    queryKey: ['users', id],
    queryFn: () => body(api.GET('/api/v1/users/{id}', { params: { path: { id } } })),
  })
}

/** All groups: there are few, and choosing among them needs every name. */
export const groupsQuery = queryOptions({
  queryKey: ['groups', 'all'],
  queryFn: async () => {
    const groups: Group[] = []
    let cursor: string | undefined
    do {
      const query = cursor ? { limit: 100, cursor } : { limit: 100 }
      // Each page's cursor is in the one before.
      // oxlint-disable-next-line no-await-in-loop
      const page = await body(api.GET('/api/v1/groups', { params: { query } }))
      groups.push(...page.items)
      cursor = page.next_cursor ?? undefined
    } while (cursor)
    return groups
  },
})

export function groupQuery(id: string) {
  return queryOptions({
    queryKey: ['groups', id],
    queryFn: () => body(api.GET('/api/v1/groups/{id}', { params: { path: { id } } })),
  })
}

export function membersQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ['groups', id, 'members'],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/api/v1/groups/{id}/members', {
          params: { path: { id }, query: { limit: 100, ...pageParam } },
        }),
      ),
    initialPageParam: first,
    getNextPageParam: after,
  })
}

export const permissionsQuery = queryOptions({
  queryKey: ['groups', 'permissions'],
  queryFn: () => body(api.GET('/api/v1/groups/permissions')),
  staleTime: Infinity,
})

/** Whose limits: a user's hold for all of their access keys, a group's for all of its members together. */
export type Holder = { kind: 'user' | 'group'; id: string }

export function limitsQuery({ kind, id }: Holder) {
  const params = { path: { id } }
  return queryOptions({
    queryKey: [`${kind}s`, id, 'limits'],
    queryFn: () =>
      kind === 'user'
        ? body(api.GET('/api/v1/users/{id}/limits', { params }))
        : body(api.GET('/api/v1/groups/{id}/limits', { params })),
  })
}

export function putLimits({ kind, id }: Holder, limits: Limits) {
  const params = { path: { id } }
  return kind === 'user'
    ? body(api.PUT('/api/v1/users/{id}/limits', { params, body: limits }))
    : body(api.PUT('/api/v1/groups/{id}/limits', { params, body: limits }))
}
