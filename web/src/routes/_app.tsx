import { createFileRoute, redirect } from '@tanstack/react-router'
import { Shell } from '@/components/shell/shell'
import { ApiError, api, body } from '@/lib/api'
import { meQuery } from '@/lib/session'

/** Everything that needs a login. */
export const Route = createFileRoute('/_app')({
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery)
    } catch (error) {
      if (!(error instanceof ApiError && error.problem.status === 401)) throw error
      const methods = await body(api.GET('/api/v1/auth/methods'))
      throw methods.setup_required
        ? redirect({ to: '/setup' })
        : redirect({ to: '/login', search: { to: location.href } })
    }
  },
  component: Shell,
})
