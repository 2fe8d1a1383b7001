import * as z from 'zod/mini'
import { ApiError, fetchApi } from '@/lib/api'
import { readProblem } from '@/lib/api/problem'

const note = z.object({ place: z.string(), severity: z.string(), message: z.string() })
const outcome = z.object({
  dry_run: z.boolean(),
  objects: z.array(z.object({ kind: z.string(), name: z.string(), what: z.string() })),
  keys: z.array(z.object({ provider: z.string(), added: z.number(), known: z.number() })),
  credentials: z.array(z.object({ access_key: z.string(), key: z.optional(z.nullable(z.string())) })),
  notes: z.array(note),
  warnings: z.array(z.string()),
})
export type Note = z.infer<typeof note>
export type Outcome = z.infer<typeof outcome>

export const formats = z.enum([
  'roundhouse',
  'gpt-load',
  'uni-api',
  'uni-load',
  'uni-load-improved',
  'litellm',
  'one-api',
  'new-api',
  'keys.txt',
])
export type Format = z.infer<typeof formats>

type Way = 'file' | 'text' | 'url'
/** How each format comes in, the usual way first, and what else may be needed to read it. */
export const sources: Record<
  Format,
  { ways: Way[]; needs: ('passphrase' | 'encryption_key' | 'auth_key')[] }
> = {
  roundhouse: { ways: ['file', 'text'], needs: ['passphrase'] },
  'gpt-load': { ways: ['url', 'file'], needs: ['auth_key', 'encryption_key'] },
  'uni-api': { ways: ['file', 'text'], needs: [] },
  'uni-load': { ways: ['file', 'text'], needs: [] },
  'uni-load-improved': { ways: ['file', 'text'], needs: [] },
  litellm: { ways: ['file', 'text'], needs: [] },
  'one-api': { ways: ['file', 'url'], needs: [] },
  'new-api': { ways: ['file', 'url'], needs: [] },
  'keys.txt': { ways: ['text', 'file'], needs: [] },
}

/** All that an import needs; it stays in the page's memory only, as there are secrets in it. */
export type Plan = {
  way: Way
  file: File | undefined
  text: string
  url: string
  passphrase: string
  auth_key: string
  encryption_key: string
  withoutSecrets: boolean
  provider: string
  mode: 'merge' | 'replace'
}

export const emptyPlan: Omit<Plan, 'way'> = {
  file: undefined,
  text: '',
  url: '',
  passphrase: '',
  auth_key: '',
  encryption_key: '',
  withoutSecrets: false,
  provider: '',
  mode: 'merge',
}

/** Runs an import, or only says what it would do. The form is sent as it is read by the server: what is empty is left out. */
export async function runImport(format: Format, plan: Plan, dryRun: boolean): Promise<Outcome> {
  const query = new URLSearchParams({ format, mode: plan.mode, dry_run: String(dryRun) })
  if (format === 'keys.txt') query.set('provider', plan.provider)
  const form = new FormData()
  const { needs } = sources[format]
  for (const name of needs) if (plan[name]) form.set(name, plan[name])
  if (format === 'roundhouse' && plan.withoutSecrets) form.set('without_secrets', 'true')
  if (plan.way === 'url') form.set('url', plan.url)
  else if (plan.way === 'text') form.set('file', new Blob([plan.text]), 'pasted')
  else if (plan.file) form.set('file', plan.file)
  const response = await fetchApi(`/api/v1/config/import?${query}`, { method: 'POST', body: form })
  if (!response.ok) throw new ApiError(await readProblem(response))
  return outcome.parse(await response.json())
}

/** Fetches an export and hands it to the browser as a file. */
export async function download(query: Record<string, string>, passphrase: string | undefined) {
  const response = await fetchApi(`/api/v1/config/export?${new URLSearchParams(query)}`, {
    headers: passphrase ? { 'x-roundhouse-passphrase': passphrase } : {},
  })
  if (!response.ok) throw new ApiError(await readProblem(response))
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'export'
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
  return name
}
