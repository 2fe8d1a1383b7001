import * as z from 'zod/mini'
import { ApiError, api, body, fetchApi } from '@/lib/api'
import { readProblem } from '@/lib/api/problem'

const path = (provider: string) => ({ params: { path: { id: provider } } })

const answer = z.union([
  z.object({ job_id: z.string() }),
  z.object({ added: z.number(), ignored: z.number(), total: z.number() }),
])

export function addText(provider: string, text: string) {
  return body(api.POST('/api/v1/providers/{id}/keys', { ...path(provider), body: { text } }))
}

/** The typed client knows no files. */
export async function importFiles(provider: string, files: File[]): Promise<z.infer<typeof answer>> {
  const form = new FormData()
  for (const file of files) form.append('file', file)
  const url = new URL(`/api/v1/providers/${encodeURIComponent(provider)}/keys/import`, location.origin)
  const response = await fetchApi(url.href, { method: 'POST', body: form })
  if (!response.ok) throw new ApiError(await readProblem(response))
  return answer.parse(await response.json())
}

/** Saves keys in full as a text file. */
export async function exportKeys(provider: string, status: string) {
  const url = new URL(`/api/v1/providers/${encodeURIComponent(provider)}/keys/export`, location.origin)
  url.searchParams.set('status', status)
  const response = await fetchApi(url.href)
  if (!response.ok) throw new ApiError(await readProblem(response))
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = `${provider}-${status}.txt`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
