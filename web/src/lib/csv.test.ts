import { expect, test } from 'vitest'
import { csvOf } from './csv'

test('cells are quoted where they must be, and formulas are kept from running', () => {
  const rows = [
    ['name', 'cost'],
    ['a, "b"\nc', 1.5],
    ['=HYPERLINK("x")', -2],
    [null, 0],
  ]
  expect(csvOf(rows)).toBe('name,cost\r\n"a, ""b""\nc",1.5\r\n"\'=HYPERLINK(""x"")",-2\r\n,0\r\n')
})
