/**
 * QR codes of texts up to some 600 bytes (ISO/IEC 18004: byte mode, error correction level M, versions 1 to 20).
 * Always with mask 0: readers take any mask, and a one-off on a screen needs no best one.
 */

/** Error correction codewords of a block, and blocks, by version from 1. */
const eccLengths = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26]
const blockCounts = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16]
const ecc = (version: number) => eccLengths[version - 1] ?? 0
const blocks = (version: number) => blockCounts[version - 1] ?? 1

/** Modules of a version that are left for data and error correction. */
function rawModules(version: number): number {
  let count = (16 * version + 128) * version + 64
  if (version >= 2) {
    const aligned = Math.floor(version / 7) + 2
    count -= (25 * aligned - 10) * aligned - 55
    if (version >= 7) count -= 36
  }
  return count
}

const dataBytes = (version: number) => Math.floor(rawModules(version) / 8) - ecc(version) * blocks(version)

/** The dark modules of a text's code, row by row; undefined for texts that are too long. */
export function qrOf(text: string): boolean[][] | undefined {
  const bytes = new TextEncoder().encode(text)
  const headBits = (version: number) => (version < 10 ? 12 : 20)
  const version =
    eccLengths.findIndex((_, index) => headBits(index + 1) + bytes.length * 8 <= dataBytes(index + 1) * 8) + 1
  return version === 0 ? undefined : draw(version, withEcc(version, dataOf(version, bytes)))
}

function dataOf(version: number, bytes: Uint8Array): number[] {
  const bits: number[] = []
  const put = (value: number, length: number) => {
    for (let bit = length - 1; bit >= 0; bit--) bits.push((value >>> bit) & 1)
  }
  const capacity = dataBytes(version)
  put(0b0100, 4)
  put(bytes.length, version < 10 ? 8 : 16)
  for (const byte of bytes) put(byte, 8)
  put(0, Math.min(4, capacity * 8 - bits.length))
  while (bits.length % 8 !== 0) bits.push(0)
  const data: number[] = []
  for (let at = 0; at < bits.length; at += 8)
    data.push(bits.slice(at, at + 8).reduce((byte, bit) => (byte << 1) | bit, 0))
  for (let pad = 0xec; data.length < capacity; pad ^= 0xec ^ 0x11) data.push(pad)
  return data
}

/** Multiplies in the field of 256 elements with the polynomial 0x11d. */
function times(a: number, b: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d)
    product ^= ((b >>> bit) & 1) * a
  }
  return product
}

function divisorOf(degree: number): number[] {
  let divisor: number[] = Array.from({ length: degree }, (_, index) => (index === degree - 1 ? 1 : 0))
  let root = 1
  for (let step = 0; step < degree; step++) {
    const power = root
    divisor = divisor.map((value, index) => times(value, power) ^ (divisor[index + 1] ?? 0))
    root = times(root, 2)
  }
  return divisor
}

function remainderOf(data: number[], divisor: number[]): number[] {
  let rest = divisor.map(() => 0)
  for (const byte of data) {
    const factor = byte ^ (rest[0] ?? 0)
    rest = divisor.map((value, index) => (rest[index + 1] ?? 0) ^ times(value, factor))
  }
  return rest
}

/** Cuts the data into blocks, adds their error correction, and interleaves all. */
function withEcc(version: number, data: number[]): number[] {
  const count = blocks(version)
  const total = Math.floor(rawModules(version) / 8)
  const short = Math.floor(total / count) - ecc(version)
  const shortBlocks = count - (total % count)
  const divisor = divisorOf(ecc(version))
  const cut: number[][] = []
  for (let index = 0, at = 0; index < count; index++) {
    const length = short + (index < shortBlocks ? 0 : 1)
    cut.push(data.slice(at, at + length))
    at += length
  }
  const corrections = cut.map((block) => remainderOf(block, divisor))
  return [...interleave(cut, short + 1), ...interleave(corrections, ecc(version))]
}

function interleave(lists: number[][], length: number): number[] {
  const all: number[] = []
  for (let index = 0; index < length; index++)
    for (const list of lists) {
      const value = list[index]
      if (value !== undefined) all.push(value)
    }
  return all
}

/** The remainder of a code word of format (10 bits) or version (12 bits). */
function bch(value: number, bits: number, polynomial: number): number {
  let rest = value
  for (let step = 0; step < bits; step++) rest = (rest << 1) ^ ((rest >>> (bits - 1)) * polynomial)
  return (value << bits) | rest
}

function alignments(version: number, size: number): number[] {
  if (version === 1) return []
  const count = Math.floor(version / 7) + 2
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2
  return [6, ...Array.from({ length: count - 1 }, (_, index) => size - 7 - index * step).toReversed()]
}

function draw(version: number, codewords: number[]): boolean[][] {
  const size = version * 4 + 17
  const dark = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  const fixed = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  const set = (x: number, y: number, value: boolean) => {
    const [row, mark] = [dark[y], fixed[y]]
    if (!row || !mark || x < 0 || x >= size) return
    row[x] = value
    mark[x] = true
  }
  const rings = (x: number, y: number, reach: number, isDark: (distance: number) => boolean) => {
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++)
        set(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))))
  }
  for (let at = 0; at < size; at++) {
    set(6, at, at % 2 === 0)
    set(at, 6, at % 2 === 0)
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ])
    rings(x ?? 0, y ?? 0, 4, (distance) => distance !== 2 && distance !== 4)
  const places = alignments(version, size)
  for (const x of places)
    for (const y of places) {
      const finder = (x === 6 && (y === 6 || y === size - 7)) || (y === 6 && x === size - 7)
      if (!finder) rings(x, y, 2, (distance) => distance !== 1)
    }
  // Level M and mask 0 are five zeros.
  const format = bch(0, 10, 0x537) ^ 0x5412
  const bit = (value: number, index: number) => ((value >>> index) & 1) === 1
  for (let index = 0; index < 15; index++) {
    const on = bit(format, index)
    set(8, index < 6 ? index : index < 8 ? index + 1 : size - 15 + index, on)
    set(index < 8 ? size - 1 - index : index === 8 ? 7 : 14 - index, 8, on)
  }
  set(8, size - 8, true)
  if (version >= 7) {
    const word = bch(version, 12, 0x1f25)
    for (let index = 0; index < 18; index++) {
      const [far, near] = [size - 11 + (index % 3), Math.floor(index / 3)]
      set(far, near, bit(word, index))
      set(near, far, bit(word, index))
    }
  }
  let next = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step++)
      for (const x of [right, right - 1]) {
        const y = ((right + 1) & 2) === 0 ? size - 1 - step : step
        const row = dark[y]
        if (!row || fixed[y]?.[x]) continue
        const value = next < codewords.length * 8 && bit(codewords[next >>> 3] ?? 0, 7 - (next & 7))
        row[x] = value !== ((x + y) % 2 === 0)
        next++
      }
  }
  return dark
}
