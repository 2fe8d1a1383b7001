import type { ModelLine } from './spec'

/** Models as lines, one each: `upstream-name`, or `upstream-name as public-name`. */
export function writeModels(models: ModelLine[]): string {
  return models
    .map((model) =>
      typeof model === 'string' ? model : model.as ? `${model.name} as ${model.as}` : model.name,
    )
    .join('\n')
}

/** Reads such lines. What else was said of a model before (its body, its timeouts) stays. */
export function readModels(text: string, before: ModelLine[] = []): ModelLine[] {
  const details = new Map(
    before.flatMap((model) => (typeof model === 'string' ? [] : [[model.name, model] as const])),
  )
  return text.split(/\n/).flatMap((line): ModelLine[] => {
    const [name = '', alias] = line.trim().split(/\s+as\s+/)
    if (!name) return []
    const { as: _, ...rest } = details.get(name) ?? { name }
    if (alias) return [{ ...rest, name, as: alias }]
    return [Object.keys(rest).length > 1 ? { ...rest, name } : name]
  })
}
