import { type IncomingMessage, createServer } from 'node:http'

/** The key that the fake provider takes; others get a 401, and those with `busy` in them a 429. */
export const goodKey = 'sk-fake-0123456789abcdef'

/** A provider that speaks OpenAI's chat completions on a free port of loopback. */
export async function startProvider() {
  const server = createServer(async (request, response) => {
    const json = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(value))
    }
    const key = request.headers.authorization?.replace('Bearer ', '') ?? ''
    if (key.includes('busy'))
      return json(429, {
        error: { message: 'Rate limit reached', type: 'requests', code: 'rate_limit_exceeded' },
      })
    if (!key.startsWith('sk-fake')) {
      return json(401, {
        error: {
          message: 'Incorrect API key provided',
          type: 'invalid_request_error',
          code: 'invalid_api_key',
        },
      })
    }
    if (request.url?.endsWith('/models')) {
      const data = models.map((id) => ({ id, object: 'model', created: 1_700_000_000, owned_by: 'fake' }))
      return json(200, { object: 'list', data })
    }
    const asked: unknown = JSON.parse(await text(request))
    const stream = typeof asked === 'object' && asked !== null && 'stream' in asked && asked.stream === true
    const model =
      typeof asked === 'object' && asked !== null && 'model' in asked ? String(asked.model) : 'fake-large'
    const head = { id: 'chatcmpl-1', created: 1_700_000_000, model }
    if (!stream) {
      const choices = [{ index: 0, message: { role: 'assistant', content: answer }, finish_reason: 'stop' }]
      return json(200, { ...head, object: 'chat.completion', choices, usage })
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const send = (value: object) =>
      response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...value })}\n\n`)
    for (const piece of answer.split(/(?<= )/)) {
      send({ choices: [{ index: 0, delta: { content: piece }, finish_reason: null }] })
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
    send({ choices: [], usage })
    response.end('data: [DONE]\n\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return { url: `http://127.0.0.1:${port}/v1`, stop: () => void server.close() }
}

export const models = ['fake-large-2026-05-01', 'fake-small', 'vendor/fake-embed', 'fake-vision-preview']
export const answer = 'Hello from the fake provider. 你好。'
const usage = { prompt_tokens: 12, completion_tokens: 9, total_tokens: 21 }

async function text(request: IncomingMessage): Promise<string> {
  let all = ''
  for await (const piece of request) all += String(piece)
  return all
}
