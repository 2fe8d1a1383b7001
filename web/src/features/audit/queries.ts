import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { type Schema, api, body } from '@/lib/api'
import { type TimeRange, queryOf } from '@/lib/time-range'

export type Entry = Schema<'Page_ShownEntry'>['items'][number]

export type AuditFilter = TimeRange & {
  actor?: string | undefined
  action?: string | undefined
  object_kind?: string | undefined
  object_id?: string | undefined
}

export const fallbackRange = '30d'

export function auditQuery(filter: AuditFilter) {
  const { actor, action, object_kind, object_id, range, from, to } = filter
  return infiniteQueryOptions({
    queryKey: ['audit', 'list', { actor, action, object_kind, object_id, range, from, to }],
    queryFn: ({ pageParam }) => {
      const query = {
        limit: 100,
        ...queryOf({ range, from, to }, fallbackRange),
        ...(pageParam ? { cursor: pageParam } : {}),
        ...(actor ? { actor } : {}),
        ...(action ? { action } : {}),
        ...(object_kind ? { object_kind } : {}),
        ...(object_id ? { object_id } : {}),
      }
      return body(api.GET('/api/v1/audit', { params: { query } }))
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })
}

/** One entry. The API lists only; the id (a UUID of version 7) says when it was made. */
export function entryQuery(id: string) {
  return queryOptions({
    queryKey: ['audit', 'entry', id],
    queryFn: async () => {
      const at = timeOf(id)
      const query = {
        limit: 500,
        from: new Date(at - 2_000).toISOString(),
        to: new Date(at + 2_000).toISOString(),
      }
      const { items } = await body(api.GET('/api/v1/audit', { params: { query } }))
      return items.find((entry) => entry.id === id) ?? null
    },
    staleTime: Infinity,
  })
}

/** The time within a UUID of version 7. */
export function timeOf(id: string): number {
  const ms = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
  return Number.isNaN(ms) || ms > 8e15 ? 0 : ms
}

/** People to choose from, for those who may see them. */
export const peopleQuery = queryOptions({
  queryKey: ['users', 'choice'],
  queryFn: async () => (await body(api.GET('/api/v1/users', { params: { query: { limit: 500 } } }))).items,
  staleTime: 60_000,
})

/** What can be found, by what it is done to. A name that ends with a dot is all of that. */
export const actions: Record<string, string[]> = {
  configuration: ['change', 'export'],
  provider_keys: ['add', 'import', 'update', 'batch', 'reveal', 'export', 'restore', 'delete'],
  access_keys: ['rotate', 'revoke'],
  credentials: ['import'],
  users: [
    'create',
    'update',
    'delete',
    'register',
    'send_link',
    'reset_password',
    'change_password',
    'add_second_factor',
    'remove_second_factor',
    'renew_recovery_codes',
    'link_identity',
    'end_sessions',
  ],
  groups: ['create', 'update', 'delete', 'add_member', 'remove_member'],
  tokens: ['create', 'delete'],
  jobs: ['cancel', 'retry'],
  alert_silences: ['create', 'delete'],
  requests: ['read_bodies'],
}

export const objectKinds = [
  'revision',
  'configuration',
  'provider',
  'provider_key',
  'access_key',
  'user',
  'group',
  'token',
  'job',
  'request',
  'alert_silence',
]
