import { expect, test } from 'vitest'
import { boundsOf, fromLocal, lengthOf, stepOf, stepsBetween, toLocal } from './time-range'

const now = Date.parse('2026-12-01T10:00:00Z')

test('a range is a length that ends now, or two moments', () => {
  expect(lengthOf('15m')).toBe(900_000)
  expect(boundsOf({}, '24h', now)).toEqual({ from: now - 86_400_000, to: now })
  expect(boundsOf({ range: '7d' }, '24h', now).from).toBe(now - 7 * 86_400_000)
  const two = boundsOf({ from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' }, '24h', now)
  expect(two.to - two.from).toBe(86_400_000)
  expect(boundsOf({ from: '2026-11-01T00:00:00Z' }, '24h', now).to).toBe(now)
})

test('a range whose end is before its beginning still has a length', () => {
  const { from, to } = boundsOf({ from: '2026-11-03T00:00:00Z', to: '2026-11-02T00:00:00Z' }, '24h', now)
  expect(to).toBeGreaterThan(from)
})

test('steps make some dozens of points, aligned as the API aligns them', () => {
  for (const range of ['1h', '6h', '24h', '7d', '30d', '90d']) {
    const count = lengthOf(range) / stepOf(lengthOf(range)).ms
    expect(count, range).toBeGreaterThanOrEqual(24)
    expect(count, range).toBeLessThanOrEqual(96)
  }
  expect(stepOf(lengthOf('7d'), 'day').name).toBe('day')
  expect(stepOf(lengthOf('30d'), 'minute').name, 'too many').toBe('day')
  expect(stepOf(lengthOf('1h'), 'day').name, 'longer than all of it').toBe('minute')
  const hours = stepsBetween(now + 1, now + 3 * 3_600_000, 3_600_000)
  expect(hours).toEqual([now, now + 3_600_000, now + 7_200_000])
})

test('local times are those of the chosen zone, on both sides of a change of the clocks', () => {
  expect(toLocal(now, 'Asia/Shanghai')).toBe('2026-12-01T18:00')
  expect(fromLocal('2026-12-01T18:00', 'Asia/Shanghai')).toBe(now)
  for (const local of ['2026-03-29T01:30', '2026-03-29T03:30', '2026-10-25T04:00'])
    expect(toLocal(fromLocal(local, 'Europe/Berlin'), 'Europe/Berlin')).toBe(local)
  expect(fromLocal('soon', 'UTC')).toBeNaN()
})
