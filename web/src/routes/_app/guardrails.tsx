import { createFileRoute } from '@tanstack/react-router'
import * as z from 'zod/mini'
import { GuardrailList } from '@/features/guardrails/guardrail-list'

export const Route = createFileRoute('/_app/guardrails')({
  /** `edit` names the guardrail that is edited; empty is a new one. */
  validateSearch: z.object({ edit: z.optional(z.string()) }),
  component: function Guardrails() {
    const { edit } = Route.useSearch()
    const navigate = Route.useNavigate()
    return <GuardrailList open={edit} onOpen={(name) => void navigate({ search: { edit: name } })} />
  },
})
