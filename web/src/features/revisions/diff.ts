import type { Change } from './data'

/** A field that differs: its name in words of the API, and its values as lines. */
export type Row = { path: string; before: Line[]; after: Line[] }
/** One line of a value; `differs` where the other side has no such line. */
export type Line = { text: string; differs: boolean }

/** What differs, field by field. Things that are new or gone as a whole are told by their fields, too. */
export function rows(change: Change): Row[] {
  return change.fields.flatMap(({ path, before, after }) => {
    const whole = isGroup(before ?? after) && (before === undefined || after === undefined)
    const pairs = whole
      ? [...leaves(before ?? after, path)].map(([path, value]) =>
          before === undefined ? { path, after: value } : { path, before: value },
        )
      : [{ path, before, after }]
    return pairs.map((pair) => ({
      path: readable(pair.path),
      ...sideBySide(lines(pair.before), lines(pair.after)),
    }))
  })
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function* leaves(value: unknown, path: string): Iterable<[string, unknown]> {
  if (!isGroup(value)) return yield [path, value]
  for (const [key, part] of Object.entries(value)) {
    yield* leaves(part, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
  }
}

/** `/cache/ttl` as `cache › ttl`. */
function readable(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join(' › ')
}

/** Texts as they are; items of lists and fields of groups one a line, nested ones indented, as in YAML. */
function lines(value: unknown): string[] {
  if (value === undefined) return []
  if (typeof value === 'string') return value.split('\n')
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((item: unknown) => {
      const isPlain = typeof item !== 'object' || item === null
      return isPlain ? lines(item) : lines(item).map((line, index) => (index === 0 ? '- ' : '  ') + line)
    })
  }
  if (isGroup(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, part]) => {
      const below = lines(part)
      const isPlain = below.length === 1 && (typeof part !== 'object' || part === null)
      return isPlain ? [`${key}: ${below[0]}`] : [`${key}:`, ...below.map((line) => `  ${line}`)]
    })
  }
  return [JSON.stringify(value)]
}

/** Marks the lines that only one side has: those outside their longest common subsequence. */
function sideBySide(before: string[], after: string[]): { before: Line[]; after: Line[] } {
  const common = longestCommon(before, after)
  const mark = (texts: string[], kept: Set<number>) =>
    texts.map((text, index) => ({ text, differs: !kept.has(index) }))
  return {
    before: mark(before, new Set(common.map(([left]) => left))),
    after: mark(after, new Set(common.map(([, right]) => right))),
  }
}

function longestCommon(left: string[], right: string[]): [number, number][] {
  // The table is as large as the product: beyond this, all lines count as different.
  if (left.length * right.length > 1_000_000) return []
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1))
  const at = (row: number, column: number) => lengths[row]?.[column] ?? 0
  for (let row = left.length - 1; row >= 0; row--) {
    for (let column = right.length - 1; column >= 0; column--) {
      const length =
        left[row] === right[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1))
      const cells = lengths[row]
      if (cells) cells[column] = length
    }
  }
  const pairs: [number, number][] = []
  let [row, column] = [0, 0]
  while (row < left.length && column < right.length) {
    if (left[row] === right[column]) pairs.push([row++, column++])
    else if (at(row + 1, column) >= at(row, column + 1)) row++
    else column++
  }
  return pairs
}
