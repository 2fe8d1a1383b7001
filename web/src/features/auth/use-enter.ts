import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { meQuery } from '@/lib/session'

/** After a login: forgets what the one before saw, and goes where the person wanted to. */
export function useEnter() {
  const client = useQueryClient()
  const router = useRouter()
  return async (to: string | undefined) => {
    client.clear()
    await client.fetchQuery(meQuery)
    // Only ways within the console: an address from outside must not lead to another site.
    const within = to && /^\/(?!\/)/.test(to) && !to.startsWith('/login') ? to : '/'
    router.history.push(within)
  }
}
