import { expect, test } from 'vitest'
import { sections } from './specs'
import { type Settings, inUnit, originOf, patchOf, stateOf } from './state'

const all = sections.flatMap(({ groups }) => groups.flatMap(({ specs }) => specs))
const find = (name: string) => {
  const spec = all.find(({ path }) => path.join('.') === name)
  if (!spec) throw new Error(`no setting ${name}`)
  return spec
}

test('the schema of the configuration is understood', () => {
  expect(find('gateway.cache.ttl')).toMatchObject({ kind: 'duration', default: '1h', defaultText: '1h' })
  expect(find('gateway.timeouts.connect')).toMatchObject({
    kind: 'duration',
    defaultText: '10s',
    nullable: true,
  })
  expect(find('gateway.max_request_body_bytes')).toMatchObject({ kind: 'bytes', defaultText: '64 MiB' })
  expect(find('gateway.lossy').choices.map(({ value }) => value)).toEqual(['warn', 'refuse'])
  expect(find('gateway.failures.cumulative')).toMatchObject({ kind: 'boolean', nullable: true })
  expect(find('normalisation.rules').kind).toBe('rules')
  expect(find('gateway.fetch.allowed_networks').kind).toBe('list')
  expect(find('demo').kind).toBe('boolean')
})

test('changes of several settings are one patch by section', () => {
  const draft = new Map<string, unknown>([
    ['gateway.max_attempts', 3],
    ['gateway.cache.ttl', '2h'],
    ['gateway.cache.tools', null],
    ['requests.retention', '7d'],
  ])
  expect(patchOf(draft)).toEqual({
    gateway: { max_attempts: 3, cache: { ttl: '2h', tools: null } },
    requests: { retention: '7d' },
  })
})

test('what file or environment fix cannot be changed, and what is drafted is shown', () => {
  const answer: Settings = {
    status: { valid: true, applied_at: '', checked_at: '', problems: [], warnings: [], needs_restart: [] },
    settings: { gateway: { max_attempts: 5, cache: { ttl: '1h' } } },
    origins: {
      '/gateway/max_attempts': { from: 'file', line: 3 },
      '/gateway/cache': { from: 'console' },
    },
    editable: ['gateway'],
    left_out: [],
  }
  expect(originOf(answer.origins, ['gateway', 'cache', 'ttl'])).toEqual({ from: 'console' })
  const fixed = stateOf(find('gateway.max_attempts'), answer, new Map())
  expect(fixed).toMatchObject({ value: 5, editable: false, changed: true })
  const drafted = stateOf(find('gateway.cache.ttl'), answer, new Map([['gateway.cache.ttl', '3h']]))
  expect(drafted).toMatchObject({ value: '3h', editable: true, changed: true, pending: true })
})

test('bytes are said in the largest whole unit', () => {
  expect(inUnit(67_108_864)).toMatchObject({ amount: 64, name: 'MiB' })
  expect(inUnit(1500)).toMatchObject({ amount: 1500, name: 'B' })
})
