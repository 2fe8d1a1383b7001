import { expect, test } from 'vitest'
import { rows } from './diff'

const change = (fields: { path: string; before?: unknown; after?: unknown }[]) =>
  rows({ kind: 'provider', name: 'acme', action: 'changed', fields })

test('things that are new are told by their fields', () => {
  const told = change([{ path: '', after: { tier: 0, body: { 'a/b': 1 } } }])
  expect(told.map(({ path }) => path)).toEqual(['tier', 'body › a/b'])
  expect(told.map(({ before }) => before)).toEqual([[], []])
})

test('of lists, the items that differ are marked', () => {
  const [row] = change([{ path: '/models', before: ['a', 'b', 'c'], after: ['a', 'c', 'd'] }])
  expect(row?.before.filter((line) => line.differs).map((line) => line.text)).toEqual(['b'])
  expect(row?.after.filter((line) => line.differs).map((line) => line.text)).toEqual(['d'])
})

test('a value of another shape is told whole', () => {
  const [row] = change([{ path: '/headers', before: 'x', after: [{ a: '1', b: { c: 2 } }] }])
  expect(row?.path).toBe('headers')
  expect(row?.after.map((line) => line.text)).toEqual(['- a: 1', '  b:', '    c: 2'])
})
