import { expect, test } from 'vitest'
import { addressOf, fields, filterQuery, valueFrom } from './filters'
import type { LoggedRequest } from './queries'
import { emptyTail, merged, most, onTail, requestIn } from './tail'

function request(id: string): LoggedRequest {
  const read = requestIn(JSON.stringify({ id, started_at: '2026-12-01T00:00:00Z', attempts: [] }))
  if (!read) throw new Error('it is a request')
  return read
}

const ids = (requests: LoggedRequest[]) => requests.map(({ id }) => id)

test('the tail shows the newest first, holds while paused, and keeps no more than it may', () => {
  let tail = onTail(emptyTail, { type: 'came', requests: [request('1'), request('2')], skipped: 0 })
  expect(ids(tail.rows)).toEqual(['2', '1'])
  tail = onTail(onTail(tail, { type: 'pause' }), { type: 'came', requests: [request('3')], skipped: 4 })
  expect([ids(tail.rows), ids(tail.held), tail.skipped]).toEqual([['2', '1'], ['3'], 4])
  tail = onTail(tail, { type: 'resume' })
  expect([ids(tail.rows), tail.held]).toEqual([['3', '2', '1'], []])
  const many = Array.from({ length: most + 10 }, (_, index) => request(`m${index}`))
  expect(onTail(tail, { type: 'came', requests: many, skipped: 0 }).rows).toHaveLength(most)
})

test('what the list holds already is shown once', () => {
  expect(ids(merged([request('2')], [request('2'), request('1')]))).toEqual(['2', '1'])
  expect(requestIn('{"id":1}')).toBeUndefined()
})

test('filters are kept in the address by kind, and sent as the API takes them', () => {
  const field = (name: string) => fields.find((field) => field.name === name) ?? fields[0]
  const status = field('status')
  const stream = field('stream')
  if (!status || !stream) throw new Error('there are such fields')
  expect(valueFrom(status, ' 429 ')).toBe(429)
  expect(valueFrom(status, '5xx')).toBe('5xx')
  expect(valueFrom(stream, 'false')).toBe(false)
  expect(valueFrom(status, ' ')).toBeUndefined()
  expect(filterQuery({ status: 429, stream: false, min_duration_ms: '50' })).toMatchObject({
    status: '429',
    stream: false,
    min_duration_ms: 50,
  })
  expect(addressOf('/x', { model: 'a b', error: '' })).toBe('/x?model=a+b')
})
