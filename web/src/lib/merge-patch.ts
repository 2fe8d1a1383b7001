type Json = Record<string, unknown>

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function same(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => same(item, other[index]))
  if (isObject(one) && isObject(other)) {
    const keys = Object.keys(one)
    return keys.length === Object.keys(other).length && keys.every((key) => same(one[key], other[key]))
  }
  return one === other
}

/** The JSON merge patch (RFC 7396) that makes `after` of `before`; `undefined` counts as absent. */
export function mergePatch(before: Json, after: Json): Json {
  const patch: Json = {}
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, next] = [before[key], after[key]]
    if (next === undefined) {
      if (old !== undefined) patch[key] = null
    } else if (isObject(old) && isObject(next)) {
      const inner = mergePatch(old, next)
      if (Object.keys(inner).length > 0) patch[key] = inner
    } else if (!same(old, next)) patch[key] = next
  }
  return patch
}
