import { createFileRoute, useNavigate } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { Welcome } from '@/features/providers/welcome'

export const Route = createFileRoute('/_app/welcome')({
  validateSearch: z.object({
    step: z.optional(z.string()),
    preset: z.optional(z.string()),
    provider: z.optional(z.string()),
  }),
  component: function FirstRun() {
    const { step, preset, provider } = Route.useSearch()
    const navigate = useNavigate({ from: Route.fullPath })
    return (
      <Welcome
        step={step ?? 'pick'}
        preset={preset}
        provider={provider}
        go={(search) => void navigate({ search })}
      />
    )
  },
})
