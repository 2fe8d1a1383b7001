import { expect, it } from 'vitest'
import { agentOf } from './agent'

it('names browsers and systems', () => {
  const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'
  expect(agentOf(`Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/140.0 Safari/537.36 Edg/140.0`)).toBe(
    'Edge 140, Windows',
  )
  expect(
    agentOf('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.1 Mobile/15E Safari/604'),
  ).toBe('Safari 18, iOS')
  expect(agentOf('curl/8.1 libz')).toBe('curl/8.1')
  expect(agentOf(null)).toBeUndefined()
})
