import { queryOptions } from '@tanstack/react-query'
import { type Schema, api, body } from '@/lib/api'
import type { Model, Price } from './queries'

export type Override = Schema<'ShownCatalogue'>

export const kinds = ['input', 'output', 'cached', 'cache_write'] as const
export const rareKinds = [
  'cache_write_1h',
  'reasoning',
  'image_input',
  'image_output',
  'audio_input',
  'audio_output',
  'per_request',
] as const

/** What a person writes: texts, since an empty one is not a nought. */
export type Facts = {
  prices: Record<string, string>
  context: string
  output: string
  tools: '' | 'yes' | 'no'
}

export const overridesQuery = queryOptions({
  queryKey: ['catalogue'],
  queryFn: async () => (await body(api.GET('/api/v1/catalogue'))).items,
})

/** The entry that is about this model at this provider alone. */
export function overrideOf(model: Model, overrides: Override[]): Override | undefined {
  return overrides.find(({ spec }) => spec.match === model.name && spec.provider === model.provider)
}

export function factsOf(price: Price | null | undefined, override: Override | undefined): Facts {
  const spec = override?.spec
  const text = (value: number | null | undefined) => (value == null ? '' : String(value))
  return {
    prices: Object.fromEntries([...kinds, ...rareKinds].map((kind) => [kind, text(price?.amounts[kind])])),
    context: text(spec?.context_tokens),
    output: text(spec?.max_output_tokens),
    tools: spec?.tools == null ? '' : spec.tools ? 'yes' : 'no',
  }
}

/** What is sent: null takes a field out. Prices that nobody touched stay those of the catalogue. */
export function specOf({ prices, context, output, tools }: Facts, before: Facts) {
  const number = (text: string) => (text.trim() === '' ? null : Number(text))
  const amounts = Object.entries(prices).map(([kind, text]) => [kind, number(text)] as const)
  const some = amounts.some(([, amount]) => amount !== null)
  const touched = Object.entries(prices).some(([kind, text]) => text !== before.prices[kind])
  return {
    ...(touched ? { prices: some ? Object.fromEntries(amounts) : null } : {}),
    context_tokens: number(context),
    max_output_tokens: number(output),
    tools: tools === '' ? null : tools === 'yes',
  }
}

/** Says what a model costs and can do at its provider, in place of what the catalogue says. */
export function saveOverride(
  model: Model,
  override: Override | undefined,
  facts: Facts,
  price: Price | null | undefined,
) {
  const spec = specOf(facts, factsOf(price, override))
  if (override) {
    return api.PATCH('/api/v1/catalogue/{id}', {
      params: { path: { id: override.id } },
      body: { match: model.name },
      bodySerializer: () => JSON.stringify(spec),
    })
  }
  // Own prices replace the built-in ones as a whole: those for long prompts and times of day come along.
  const prices = spec.prices ? { prices: { ...price?.special, ...spec.prices } } : {}
  const name = `${model.provider}/${model.name}`
  // The document leaves `name` out, which the API wants.
  return api.POST('/api/v1/catalogue', {
    body: { match: model.name },
    bodySerializer: () =>
      JSON.stringify({ ...spec, ...prices, name, match: model.name, provider: model.provider }),
  })
}
