import { presetOf, type Preset } from '@/components/providers/presets'
import { readModels } from './model-lines'

/** What is asked for to connect a provider. */
export type Connection = {
  name: string
  url: string
  keys: string
  models: string
  api_version: string
  region: string
  project: string
  location: string
}

export const empty: Connection = {
  name: '',
  url: '',
  keys: '',
  models: '',
  api_version: '',
  region: '',
  project: '',
  location: '',
}

/** A name that no provider has yet: the preset's, or that with a number. */
export function freeName(preset: Preset, taken: string[]): string {
  const base = preset.id
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`
    if (!taken.includes(name)) return name
  }
}

/** The provider as the API wants it. The usual address of a kind is left to the server. */
export function specOf(preset: Preset, connection: Connection): Record<string, unknown> {
  const url = connection.url.trim()
  const usual = presetOf(preset.kind) === preset && preset.endpoints[0]?.url === url
  const models = readModels(connection.models)
  const asked = Object.fromEntries(
    (preset.asks ?? []).flatMap((name) => {
      const value = connection[name].trim()
      return value ? [[name, value]] : []
    }),
  )
  return {
    kind: preset.kind,
    ...(url && !usual ? { base_url: url } : {}),
    ...(models.length > 0 ? { models } : {}),
    ...asked,
  }
}
