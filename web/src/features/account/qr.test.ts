import { expect, it } from 'vitest'
import { qrOf } from './qr'

const drawn = (text: string) =>
  qrOf(text)
    ?.map((row) => row.map((dark) => (dark ? '#' : '.')).join(''))
    .join('\n')

// What an independent program draws for the same text, level and mask.
it('draws what other programs draw', () => {
  expect(drawn('A')).toBe(`#######..###..#######
#.....#.#.###.#.....#
#.###.#...#...#.###.#
#.###.#..#....#.###.#
#.###.#.##..#.#.###.#
#.....#...#.#.#.....#
#######.#.#.#.#######
...........##........
#.#.#.#...##....#..#.
#..###...#....#...##.
.#....#.###.#...#...#
#.#.#....##...#...#..
#.#..##.#.#.#.#.#.#.#
........####.#.#.#.#.
#######....#.###.####
#.....#..#.###.###...
#.###.#.##.#.###.##.#
#.###.#.......#...##.
#.###.#.##..#...#...#
#.....#..##...#...##.
#######.#...#.#.#.###`)
})

it('takes the smallest version that holds the text, and none beyond the largest', () => {
  expect(qrOf('x'.repeat(14))).toHaveLength(21)
  expect(qrOf('x'.repeat(15))).toHaveLength(25)
  expect(qrOf('x'.repeat(150))).toHaveLength(49)
  expect(qrOf('x'.repeat(1000))).toBeUndefined()
})
