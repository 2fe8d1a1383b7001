import { beforeEach, describe, expect, it } from 'vitest'
import { start } from '@/mocks'
import { http } from '@/mocks/handlers'
import { answerWith, api, body, fetchApi } from './client'
import { ApiError } from './problem'

const unauthenticated = {
  type: 'about:blank',
  title: 'Unauthorized',
  status: 401,
  code: 'session_expired',
  detail: 'log in again',
}

describe('the client', () => {
  beforeEach(() => start())

  it('throws the problem document of a refused call, field by field', async () => {
    start([
      http.post('/api/v1/providers', ({ response }) =>
        response(400).json({
          ...unauthenticated,
          status: 400,
          code: 'invalid',
          detail: 'two fields are wrong',
          errors: [{ field: 'base_urls[0].url', message: 'is no address' }],
        }),
      ),
    ])
    const refused = api.POST('/api/v1/providers', { body: { name: 'x', kind: 'openai' } })
    const error = await refused.catch((thrown: unknown) => thrown)
    if (!(error instanceof ApiError)) throw new Error('expected an ApiError')
    expect(error.problem.code).toBe('invalid')
    expect(error.field('url')).toBe('is no address')
    expect(error.field('name')).toBeUndefined()
  })

  it('renews an expired session once for all calls that wait for it', async () => {
    const asked: string[] = []
    let renewed = false
    answerWith(async (request) => {
      const path = new URL(request.url).pathname
      asked.push(path)
      if (path === '/api/v1/auth/refresh') {
        await new Promise((resolve) => setTimeout(resolve, 5))
        renewed = true
        return Response.json({})
      }
      expect(request.headers.get('x-roundhouse-csrf')).toBe('1')
      return renewed ? Response.json({ items: [] }) : Response.json(unauthenticated, { status: 401 })
    })
    await Promise.all([body(api.GET('/api/v1/providers')), body(api.GET('/api/v1/pools'))])
    expect(asked.filter((path) => path === '/api/v1/auth/refresh')).toHaveLength(1)
    expect(asked).toHaveLength(5)
  })

  it('sends a body again after the renewal', async () => {
    const bodies: string[] = []
    answerWith(async (request) => {
      if (new URL(request.url).pathname === '/api/v1/auth/refresh') return Response.json({})
      bodies.push(await request.text())
      return bodies.length > 1 ? Response.json({}) : Response.json(unauthenticated, { status: 401 })
    })
    const response = await fetchApi(`${location.origin}/api/v1/providers`, { method: 'POST', body: 'text' })
    expect(response.ok).toBe(true)
    expect(bodies).toEqual(['text', 'text'])
  })

  it('makes up a problem for pages of proxies', async () => {
    answerWith(async () => new Response('<h1>Bad gateway</h1>', { status: 502 }))
    await expect(api.GET('/api/v1/providers')).rejects.toMatchObject({
      problem: { status: 502, code: 'unreadable' },
    })
  })
})
