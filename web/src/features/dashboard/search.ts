import type { Dimension, Measure } from '@/lib/usage'

// What the address may say, apart from what draws it: the route's own code comes with the first page, the drawing does not.

/** What the server offers. */
export const ranges = ['1h', '24h', '7d', '30d']

export type View = 'traffic' | 'latency' | 'tokens' | 'cost'
export const views: View[] = ['traffic', 'latency', 'tokens', 'cost']

export const offered: Dimension[] = ['model', 'provider', 'access_key', 'user']
export const measures: Measure[] = ['requests', 'cost', 'tokens', 'errors']
