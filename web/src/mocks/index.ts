import { getResponse } from 'msw'
import { answerWith } from '@/lib/api/client'
import { handlers } from './handlers'

/** Lets the mock API answer, in development without a server (`npm run dev -- --mode mock`) and in unit tests. */
export function start(special: Parameters<typeof getResponse>[0] = []) {
  answerWith(
    async (request) =>
      (await getResponse([...special, ...handlers], request)) ?? new Response(null, { status: 404 }),
  )
}
