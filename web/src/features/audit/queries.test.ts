import { expect, it } from 'vitest'
import { timeOf } from './queries'

it('reads the time of an entry from its id', () => {
  expect(new Date(timeOf('01a22fa3-ee44-7000-a8b9-db292ca66529')).toISOString()).toBe(
    '2026-12-01T03:26:42.244Z',
  )
  expect(timeOf('nonsense')).toBe(0)
})
