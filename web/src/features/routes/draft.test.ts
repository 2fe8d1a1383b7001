import { describe, expect, it } from 'vitest'
import {
  type Draft,
  addTargets,
  bodyOf,
  draftOf,
  isSame,
  moveTier,
  setWeight,
  shareOf,
  stepTarget,
} from './draft'

const target = (model: string, weight = 1) => ({
  provider: 'p',
  model,
  weight,
  share: 0,
  standing: 'chosen',
  reason: '',
  breaker: 'closed',
  failures: 0,
  in_flight: 0,
})

const draft = draftOf({
  model: 'm',
  origin: 'configured',
  strategy: 'weighted',
  fallbacks: [],
  tiers: [[target('a', 3), target('b', 1)], [target('c')]],
})

const shape = ({ tiers }: Draft) => tiers.map(({ targets }) => targets.map(({ model }) => model).join(''))
const idOf = (model: string) =>
  draft.tiers.flatMap(({ targets }) => targets).find((one) => one.model === model)?.id ?? ''

describe('steps of a target', () => {
  it('go within the tier, then into the next', () => {
    const first = stepTarget(draft, idOf('a'), 1)
    expect(shape(first)).toEqual(['ba', 'c'])
    expect(shape(stepTarget(first, idOf('a'), 1))).toEqual(['b', 'ac'])
  })

  it('leave no empty tier behind', () => {
    expect(shape(stepTarget(draft, idOf('c'), -1))).toEqual(['abc'])
  })

  it('begin a tier below the last one', () => {
    const whole = stepTarget(draft, idOf('c'), -1)
    expect(shape(stepTarget(whole, idOf('c'), 1))).toEqual(['ab', 'c'])
  })

  it('end at the first place and at a tier of its own', () => {
    expect(stepTarget(draft, idOf('a'), -1)).toBe(draft)
    expect(stepTarget(draft, idOf('c'), 1)).toBe(draft)
  })
})

describe('a route', () => {
  it('changes the order of its tiers', () => {
    expect(shape(moveTier(draft, draft.tiers[1]?.id ?? '', 0))).toEqual(['c', 'ab'])
  })

  it('takes in new targets as equals of equals', () => {
    const added = addTargets(draft, undefined, [{ provider: 'q', model: 'd' }])
    expect(shape(added)).toEqual(['ab', 'c', 'd'])
    const equal = addTargets(setWeight(draft, idOf('c'), 10), draft.tiers[1]?.id, [
      { provider: 'q', model: 'd' },
    ])
    expect(equal.tiers[1]?.targets.map(({ weight }) => weight)).toEqual([10, 10])
  })

  it('is sent without empty tiers, and is the same without them', () => {
    const open = addTargets(draft, undefined, [])
    expect(open.tiers).toHaveLength(3)
    expect(bodyOf(open).tiers).toHaveLength(2)
    expect(isSame(open, draft)).toBe(true)
    expect(isSame(setWeight(draft, idOf('a'), 4), draft)).toBe(false)
  })

  it('tells shares where they are known beforehand', () => {
    const [tier] = draft.tiers
    const [a] = tier?.targets ?? []
    if (!tier || !a) throw new Error('no tier')
    expect(shareOf(a, tier, 'weighted')).toBe(0.75)
    expect(shareOf(a, tier, 'round_robin')).toBe(0.5)
    expect(shareOf(a, tier, 'ordered')).toBeUndefined()
    expect(shareOf({ ...a, weight: 0 }, tier, 'ordered')).toBe(0)
  })
})
