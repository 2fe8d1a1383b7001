import type { Schema } from '@/lib/api'

/** A route while it is edited. Ids are the editor's own: the same target may stand in it twice. */
export type Target = { id: string; provider: string; model: string; weight: number }
export type Tier = { id: string; targets: Target[] }
export type Draft = {
  tiers: Tier[]
  strategy: string
  fallbacks: string[]
  lossy: string | undefined
  /** Not edited here, and kept as it is: a route is always written whole. */
  cache: Schema<'RouteCache'> | undefined
  /** The number of the next id. */
  next: number
}

export const strategies = ['weighted', 'round_robin', 'least_busy', 'lowest_latency', 'random', 'ordered']

export const empty: Draft = {
  tiers: [],
  strategy: 'weighted',
  fallbacks: [],
  lossy: undefined,
  cache: undefined,
  next: 0,
}

export function draftOf(route: Schema<'ShownRoute'>): Draft {
  let next = 0
  const id = () => `n${next++}`
  const tiers = route.tiers.map((targets) => ({
    id: id(),
    targets: targets.map(({ provider, model, weight }) => ({ id: id(), provider, model, weight })),
  }))
  return {
    tiers,
    strategy: route.strategy,
    fallbacks: route.fallbacks,
    lossy: route.lossy ?? undefined,
    cache: route.cache ?? undefined,
    next,
  }
}

/** What is sent; tiers without targets are only places to drop something. */
export function bodyOf({ tiers, strategy, fallbacks, lossy, cache }: Draft) {
  return {
    strategy,
    fallbacks,
    tiers: tiers.flatMap(({ targets }) =>
      targets.length === 0
        ? []
        : [targets.map(({ provider, model, weight }) => ({ provider, model, weight }))],
    ),
    ...(lossy ? { lossy } : {}),
    ...(cache ? { cache } : {}),
  }
}

export function isSame(one: Draft, other: Draft): boolean {
  return JSON.stringify(bodyOf(one)) === JSON.stringify(bodyOf(other))
}

export type Place = { tier: number; target: number }

export function placeOf(draft: Draft, id: string): Place | undefined {
  for (const [tier, { targets }] of draft.tiers.entries()) {
    const target = targets.findIndex((one) => one.id === id)
    if (target >= 0) return { tier, target }
  }
  return undefined
}

function withTargets(draft: Draft, change: (tier: Tier, index: number) => Target[]): Draft {
  return {
    ...draft,
    tiers: draft.tiers.map((tier, index) => ({ ...tier, targets: change(tier, index) })),
  }
}

/** Moves a target before the `place.target`th of a tier, counted without itself. */
export function moveTarget(draft: Draft, id: string, place: Place): Draft {
  const from = placeOf(draft, id)
  const target = from && draft.tiers[from.tier]?.targets[from.target]
  if (!target || !draft.tiers[place.tier]) return draft
  return withTargets(draft, ({ targets }, index) => {
    const rest = targets.filter((one) => one.id !== id)
    return index === place.tier ? [...rest.slice(0, place.target), target, ...rest.slice(place.target)] : rest
  })
}

/** One step up or down, over the edge of its tier into the next; below the last tier a new one begins. */
export function stepTarget(draft: Draft, id: string, by: -1 | 1): Draft {
  const from = placeOf(draft, id)
  if (!from) return draft
  const count = draft.tiers[from.tier]?.targets.length ?? 0
  const within = from.target + by
  if (within >= 0 && within < count) return moveTarget(draft, id, { ...from, target: within })
  const tier = from.tier + by
  const beside = draft.tiers[tier]
  if (beside) {
    const target = by < 0 ? beside.targets.length : 0
    return withoutEmptied(draft, moveTarget(draft, id, { tier, target }))
  }
  if (by < 0 || count < 2) return draft
  return moveTarget(addTier(draft), id, { tier, target: 0 })
}

/** Leaves out tiers that a change has emptied; those that were empty before stay as places to drop something. */
export function withoutEmptied(before: Draft, after: Draft): Draft {
  const filled = new Set(before.tiers.flatMap(({ id, targets }) => (targets.length > 0 ? id : [])))
  return {
    ...after,
    tiers: after.tiers.filter(({ id, targets }) => targets.length > 0 || !filled.has(id)),
  }
}

export function moveTier(draft: Draft, id: string, to: number): Draft {
  const tier = draft.tiers.find((one) => one.id === id)
  if (!tier || to < 0 || to >= draft.tiers.length) return draft
  const rest = draft.tiers.filter((one) => one.id !== id)
  return { ...draft, tiers: [...rest.slice(0, to), tier, ...rest.slice(to)] }
}

export function addTier(draft: Draft): Draft {
  const tier = { id: `n${draft.next}`, targets: [] }
  return { ...draft, next: draft.next + 1, tiers: [...draft.tiers, tier] }
}

export function removeTier(draft: Draft, id: string): Draft {
  return { ...draft, tiers: draft.tiers.filter((tier) => tier.id !== id) }
}

export type Offer = { provider: string; model: string }

/** Adds targets at the end of a tier; to a new one when there is none of that id. */
export function addTargets(draft: Draft, tierId: string | undefined, offers: Offer[]): Draft {
  const known = draft.tiers.some(({ id }) => id === tierId)
  const whole = known ? draft : addTier(draft)
  const into = known ? tierId : whole.tiers.at(-1)?.id
  const weight = weightFor(whole.tiers.find(({ id }) => id === into))
  const added = offers.map((offer, index) => ({ ...offer, weight, id: `n${whole.next + index}` }))
  return withTargets({ ...whole, next: whole.next + offers.length }, ({ id, targets }) =>
    id === into ? [...targets, ...added] : targets,
  )
}

/** What makes a newcomer one of equals, where the others are. */
function weightFor(tier: Tier | undefined): number {
  const weights = tier?.targets.map(({ weight }) => weight) ?? []
  const [first] = weights
  return first !== undefined && first > 0 && weights.every((weight) => weight === first) ? first : 1
}

export function removeTarget(draft: Draft, id: string): Draft {
  return withTargets(draft, ({ targets }) => targets.filter((target) => target.id !== id))
}

export function setWeight(draft: Draft, id: string, weight: number): Draft {
  return withTargets(draft, ({ targets }) =>
    targets.map((target) => (target.id === id ? { ...target, weight } : target)),
  )
}

/** A target's part of its tier by weight; undefined where the moment decides. */
export function shareOf(target: Target, tier: Tier, strategy: string): number | undefined {
  if (target.weight === 0) return 0
  const sum = tier.targets.reduce((all, { weight }) => all + weight, 0)
  if (['weighted', 'random', 'least_busy'].includes(strategy)) return target.weight / sum
  if (strategy === 'round_robin') return 1 / tier.targets.filter(({ weight }) => weight > 0).length
  return undefined
}
