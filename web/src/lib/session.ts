import { queryOptions, useQuery } from '@tanstack/react-query'
import { type Schema, api, body } from './api'

export type Me = Schema<'Me'>

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => body(api.GET('/api/v1/auth/me')),
  staleTime: 60_000,
  retry: false,
})

/** Who is logged in; undefined before that is known. */
export function useMe(): Me | undefined {
  return useQuery(meQuery).data
}

/** Whether the person may do something: a permission of the API, such as `providers.write`. */
export function useMay(): (permission: string) => boolean {
  const me = useMe()
  return (permission) => may(me, permission)
}

export function may(me: Me | undefined, permission: string): boolean {
  return me !== undefined && (me.role === 'administrator' || me.permissions.includes(permission))
}
