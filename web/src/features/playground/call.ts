import { fetchApi } from '@/lib/api'
import { readProblem } from '@/lib/api/problem'
import { EventParser } from '@/lib/sse'
import { path } from './request'
import type { RunEvent } from './state'

const shown = /^(x-|content-type|retry-after)/

/** Makes a call and tells what comes of it, until its end; `signal` stops it. Never throws. */
export async function call(
  body: Record<string, unknown>,
  signal: AbortSignal,
  tell: (event: RunEvent) => void,
) {
  const at = () => performance.now()
  tell({ type: 'started', request: JSON.stringify(body, null, 2), at: at() })
  try {
    const response = await fetchApi(new URL(`/api/v1/playground${path}`, location.origin).href, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    })
    const headers = Object.fromEntries([...response.headers].filter(([name]) => shown.test(name)))
    tell({ type: 'head', httpStatus: response.status, headers })
    if (!response.ok) {
      tell({ type: 'failed', error: await reason(response), at: at() })
      return
    }
    await read(response, (raw, events) => tell({ type: 'piece', raw, events, at: at() }))
    tell({ type: 'ended', at: at() })
  } catch (error) {
    if (signal.aborted) tell({ type: 'stopped', at: at() })
    else tell({ type: 'failed', error: error instanceof Error ? error.message : String(error), at: at() })
  }
}

async function read(response: Response, tell: (raw: string, events: string[]) => void) {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    const text = await response.text()
    tell(text, [text])
    return
  }
  const parser = new EventParser()
  const decoder = new TextDecoder()
  const reader = response.body?.getReader()
  for (;;) {
    const piece = await reader?.read()
    if (!piece || piece.done) return
    const raw = decoder.decode(piece.value, { stream: true })
    tell(
      raw,
      parser.push(raw).map(({ data }) => data),
    )
  }
}

/** Errors of the data plane look like OpenAI's, those of the management API are problem documents. */
async function reason(response: Response): Promise<string> {
  const copy = response.clone()
  const body: unknown = await response.json().catch(() => undefined)
  if (typeof body === 'object' && body !== null && 'error' in body) {
    const { error } = body
    if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message)
  }
  return (await readProblem(copy)).detail
}
