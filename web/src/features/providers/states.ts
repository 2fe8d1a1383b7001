import type { State } from './provider-state'

/** Every state, the best first. Apart from what draws them: addresses name them, and come with the first page. */
export const states: State[] = ['healthy', 'warning', 'unhealthy', 'suspended', 'unknown', 'disabled']
