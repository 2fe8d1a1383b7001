import { expect, test } from 'vitest'
import { mergePatch } from './merge-patch'

test('equal values need no patch', () => {
  expect(mergePatch({ a: 1, b: { c: [1] } }, { a: 1, b: { c: [1] } })).toEqual({})
})

test('what is gone becomes null, also within objects', () => {
  expect(mergePatch({ a: 1, headers: { x: '1', y: '2' } }, { headers: { x: '1' } })).toEqual({
    a: null,
    headers: { y: null },
  })
})

test('lists are replaced as a whole', () => {
  expect(mergePatch({ list: [1, 2] }, { list: [2], added: { deep: true } })).toEqual({
    list: [2],
    added: { deep: true },
  })
})

test('the order of keys does not matter', () => {
  expect(mergePatch({ list: [{ a: 1, b: 2 }] }, { list: [{ b: 2, a: 1 }] })).toEqual({})
})
