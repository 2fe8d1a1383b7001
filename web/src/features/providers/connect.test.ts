import { expect, test } from 'vitest'
import { presetOf, presets } from '@/components/providers/presets'
import { logos } from '@/components/providers/logos'
import { empty, freeName, specOf } from './connect'
import { readModels, writeModels } from './model-lines'

function preset(id: string) {
  const found = presetOf(id)
  if (!found) throw new Error(id)
  return found
}

test('the usual address of a kind is left to the server, others are said', () => {
  const deepseek = preset('deepseek')
  expect(specOf(deepseek, { ...empty, url: 'https://api.deepseek.com' })).toEqual({ kind: 'deepseek' })
  expect(specOf(deepseek, { ...empty, url: 'http://10.0.0.1' })).toEqual({
    kind: 'deepseek',
    base_url: 'http://10.0.0.1',
  })
  const stepfun = preset('stepfun')
  expect(specOf(stepfun, { ...empty, url: 'https://api.stepfun.com/v1' })).toEqual({
    kind: 'openai-compatible',
    base_url: 'https://api.stepfun.com/v1',
  })
})

test('only what a preset asks for is sent', () => {
  const filled = { ...empty, region: 'us-east-1', project: 'p', models: 'claude as c\n\n' }
  expect(specOf(preset('bedrock'), filled)).toEqual({
    kind: 'bedrock',
    region: 'us-east-1',
    models: [{ name: 'claude', as: 'c' }],
  })
})

test('a name that is taken gets a number', () => {
  expect(freeName(preset('openai'), ['openai', 'openai-2'])).toBe('openai-3')
})

test('model lines come back as they were, with what they do not show', () => {
  const models = ['a', { name: 'b', as: 'c' }, { name: 'd', timeouts: { total: '5m' } }]
  expect(readModels(writeModels(models), models)).toEqual(models)
  expect(readModels('b\nd as e', models)).toEqual(['b', { name: 'd', as: 'e', timeouts: { total: '5m' } }])
})

test('every preset but one’s own server has a logo', () => {
  expect(presets.filter(({ id }) => id !== 'custom' && !logos[id])).toEqual([])
})
