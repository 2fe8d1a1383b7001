import * as z from 'zod/mini'
import type { Schema } from '@/lib/api'
import { presets } from '@/components/providers/presets'

export type Provider = Schema<'ShownProvider'>

const text = z.nullish(z.string())
const number = z.nullish(z.number())
const span = z.nullish(z.union([z.string(), z.number()]))
const model = z.union([z.string(), z.looseObject({ name: z.string(), as: text })])

/** What the API's document leaves open: a provider as the configuration file would say it (docs/configuration.md). */
const shape = z.looseObject({
  kind: text,
  base_url: text,
  base_urls: z.nullish(z.array(z.object({ url: z.string(), weight: z.optional(z.number()) }))),
  models: z.nullish(z.array(model)),
  enabled: z.nullish(z.boolean()),
  tier: number,
  weight: number,
  headers: z.nullish(z.record(z.string(), z.string())),
  remove_headers: z.nullish(z.array(z.string())),
  forward_headers: z.nullish(z.array(z.string())),
  dialects: z.nullish(z.array(z.string())),
  timeouts: z.nullish(z.looseObject({ connect: span, first_byte: span, idle: span, total: span })),
})

export type Spec = z.infer<typeof shape>
export type ModelLine = z.infer<typeof model>

export function readSpec(provider: Provider): Spec {
  return shape.parse(provider.spec)
}

const whole = z.custom<Schema<'ProviderBody'>>()

/** A body for the API, whose document does not say what is in it; the server checks it. */
export function asBody(fields: Record<string, unknown>): Schema<'ProviderBody'> {
  return whole.parse(fields)
}

/** Where a provider is asked; empty where its kind's public address is meant. */
export function addressesOf(spec: Spec): string[] {
  if (spec.base_urls?.length) return spec.base_urls.map(({ url }) => url)
  return spec.base_url ? [spec.base_url] : []
}

/** Whether a provider is asked for its models: not where they are named, nor where its kind has no list. */
export function listsModels(provider: Provider): boolean {
  return (
    !readSpec(provider).models &&
    presets.every((preset) => preset.kind !== provider.kind || preset.listsModels !== false)
  )
}
