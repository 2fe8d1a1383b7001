import { useQuery } from '@tanstack/react-query'
import { api, body } from './api'
import { useMay } from './session'

/** The most pages that are read for names; further people are shown by their ids. */
const pages = 10

/** Tells people's names by their ids, to those who may see people. */
export function useUserNames(wanted = true): (id: string) => string {
  const mayDo = useMay()
  const { data } = useQuery({
    queryKey: ['users', 'names'],
    queryFn: async () => {
      const names = new Map<string, string>()
      let cursor: string | undefined
      for (let page = 0; page < pages; page++) {
        const query = { limit: 500, ...(cursor ? { cursor } : {}) }
        const found = await body(api.GET('/api/v1/users', { params: { query } }))
        for (const { id, name, email } of found.items) names.set(id, name || email)
        cursor = found.next_cursor ?? undefined
        if (!cursor) break
      }
      return names
    },
    staleTime: 300_000,
    enabled: wanted && mayDo('users.read'),
  })
  return (id) => data?.get(id) ?? `${id.slice(0, 8)}…`
}
