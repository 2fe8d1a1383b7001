import createClient, { type Middleware } from 'openapi-fetch'
import { ApiError, readProblem } from './problem'
import type { paths } from './schema'

/** Tells the server that a page of ours asks: cookies alone would come with other sites' requests, too. */
export const csrf = { 'x-roundhouse-csrf': '1' }

/** `fetch` with our cookie, that renews an expired session once. Also for what the typed client cannot do: streams, files. */
export async function fetchApi(input: Request | string, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init)
  for (const [name, value] of Object.entries(csrf)) request.headers.set(name, value)
  const again = request.clone()
  const response = await send(request)
  const path = new URL(request.url).pathname
  if (response.status !== 401 || path.startsWith('/api/v1/auth/log') || path === '/api/v1/auth/refresh')
    return response
  return (await renew()) ? send(again) : response
}

/** What answers requests: the network, or the mock API in development and tests. */
let send = (request: Request): Promise<Response> => fetch(request)

export function answerWith(answer: (request: Request) => Promise<Response>) {
  send = answer
}

let renewing: Promise<boolean> | undefined

/** One renewal at a time: the refresh token is good for one use. */
function renew(): Promise<boolean> {
  renewing ??= send(
    new Request(new URL('/api/v1/auth/refresh', location.origin), { method: 'POST', headers: csrf }),
  )
    .then((response) => response.ok)
    .finally(() => {
      renewing = undefined
    })
  return renewing
}

const problems: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw new ApiError(await readProblem(response))
  },
}

/** The management API, typed by its OpenAPI document. Failed calls throw {@link ApiError}. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: (request) => fetchApi(request) })
api.use(problems)

/** The body of a call that succeeded. */
export async function body<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call
  if (data === undefined) throw new Error('the server sent no body')
  return data
}
