import type { components } from './schema'

export { api, body, fetchApi } from './client'
export { ApiError, explain } from './problem'

/** A type of the API by its name in the OpenAPI document. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name]
