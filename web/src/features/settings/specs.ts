import * as z from 'zod/mini'
// The same document that editors get: what may be set, in which bounds, and what for.
import document from '../../../../docs/roundhouse.schema.json'

const node = z.object({
  $ref: z.optional(z.string()),
  type: z.optional(z.union([z.string(), z.array(z.string())])),
  description: z.optional(z.string()),
  default: z.optional(z.unknown()),
  const: z.optional(z.unknown()),
  minimum: z.optional(z.number()),
  maximum: z.optional(z.number()),
  get properties() {
    return z.optional(z.record(z.string(), node))
  },
  get anyOf() {
    return z.optional(z.array(node))
  },
  get oneOf() {
    return z.optional(z.array(node))
  },
  get items() {
    return z.optional(node)
  },
})
type Node = z.infer<typeof node>

export type Kind = 'duration' | 'bytes' | 'number' | 'boolean' | 'choice' | 'list' | 'rules' | 'text'

/** A setting as the schema describes it. */
export type Spec = {
  path: string[]
  kind: Kind
  description: string
  /** What holds when nothing is set, in words. */
  defaultText: string | undefined
  default: unknown
  nullable: boolean
  minimum: number | undefined
  maximum: number | undefined
  choices: { value: string; text: string }[]
}
/** Settings that belong together: those of a section, or of a group within it. */
export type Group = { path: string[]; description: string; specs: Spec[] }
export type Section = { name: string; description: string; groups: Group[] }

const definitions = z.record(z.string(), node).parse(document.$defs)

/** Follows references, and leaves out that something may be null. */
function resolve(given: Node): { at: Node; name: string | undefined; nullable: boolean } {
  const types = Array.isArray(given.type) ? given.type : []
  const nullable = types.includes('null')
  const inner = given.anyOf?.filter((part) => part.type !== 'null')
  const reference = given.$ref ?? (inner?.length === 1 ? inner[0]?.$ref : undefined)
  const name = reference?.split('/').at(-1)
  const target = name ? definitions[name] : undefined
  return {
    at: target ? { ...target, ...given, $ref: undefined, anyOf: undefined } : given,
    name,
    nullable: nullable || (given.anyOf?.some((part) => part.type === 'null') ?? false),
  }
}

function kindOf(key: string, { at, name }: { at: Node; name: string | undefined }): Kind {
  const types = [at.type].flat()
  if (name === 'Span') return 'duration'
  if (at.oneOf?.every((part) => part.const !== undefined)) return 'choice'
  if (types.includes('boolean')) return 'boolean'
  if (types.includes('array')) return at.items?.$ref?.endsWith('NormalisationRule') ? 'rules' : 'list'
  if (types.includes('integer') || types.includes('number'))
    return key.endsWith('_bytes') ? 'bytes' : 'number'
  return 'text'
}

const defaultSentence = /\s*\bDefault ((?:[^.]|\.(?=\S))+)\.\s*$/

function specOf(path: string[], given: Node): Spec {
  const resolved = resolve(given)
  const text = resolved.at.description ?? ''
  return {
    path,
    kind: kindOf(path.at(-1) ?? '', resolved),
    description: text.replace(defaultSentence, '').trim(),
    defaultText: defaultSentence.exec(text)?.[1]?.replaceAll('`', ''),
    default: given.default ?? null,
    nullable: resolved.nullable,
    minimum: resolved.at.minimum,
    maximum: resolved.at.maximum,
    choices: (resolved.at.oneOf ?? []).map((part) => ({
      value: String(part.const),
      text: part.description ?? '',
    })),
  }
}

function groupsOf(path: string[], given: Node): Group[] {
  const own: Group = { path, description: given.description ?? '', specs: [] }
  const groups = [own]
  for (const [key, part] of Object.entries(given.properties ?? {})) {
    const { at } = resolve(part)
    if (at.properties) groups.push(...groupsOf([...path, key], at))
    else own.specs.push(specOf([...path, key], part))
  }
  return groups.filter(({ specs }) => specs.length > 0)
}

function read(): Section[] {
  const top = z.record(z.string(), node).parse(document.properties)
  const general: Section = {
    name: 'general',
    description: '',
    groups: [{ path: ['general'], description: '', specs: [] }],
  }
  const sections: Section[] = []
  for (const [name, part] of Object.entries(top)) {
    const { at } = resolve(part)
    if (at.properties) {
      sections.push({ name, description: at.description ?? '', groups: groupsOf([name], at) })
    } else if (at.type !== 'array') {
      general.groups[0]?.specs.push(specOf([name], part))
    }
  }
  return [...sections, general]
}

/** Every setting there is. Lists of things (providers, routes …) have pages of their own. */
export const sections = read()

/** In which order those are shown that can be changed. */
export const order = ['gateway', 'normalisation', 'discovery', 'requests']
