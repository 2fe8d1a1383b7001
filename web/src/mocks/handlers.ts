import { createOpenApiHttp } from 'openapi-msw'
import type { paths } from '@/lib/api/schema'

/** Typed by the OpenAPI document: a handler of an unknown path, or with a body of another shape, does not compile. */
export const http = createOpenApiHttp<paths>({ baseUrl: location.origin })

export const handlers = [
  http.get('/api/v1/auth/me', ({ response }) =>
    response(200).json({
      id: '01939f00-0000-7000-8000-000000000001',
      email: 'ada@example.com',
      name: 'Ada',
      role: 'administrator',
      status: 'active',
      permissions: [],
      groups: [],
      second_factor: false,
      has_password: true,
      credential: 'session',
      created_at: '2026-11-01T08:00:00Z',
      updated_at: '2026-11-01T08:00:00Z',
    }),
  ),
  http.get('/api/v1/auth/methods', ({ response }) =>
    response(200).json({ setup_required: false, registration: false, password_reset: true }),
  ),
]
