import { expect, it } from 'vitest'
import { bodyOf } from './request'
import { read } from './recorded'

it('makes a recorded chat completion ready to be asked again', () => {
  const found = read(
    JSON.stringify({
      model: 'm',
      seed: 7,
      max_completion_tokens: 99,
      temperature: 0,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'weather', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c', content: 'rain' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Why?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
            { type: 'input_audio' },
          ],
        },
      ],
    }),
  )
  expect(found?.beginning).toMatchObject({
    draft: { text: 'Why?', images: ['data:image/png;base64,AA'] },
    settings: { system: 'Be brief.', temperature: '0', maxTokens: '99', stream: false },
  })
  expect(found?.beginning.messages).toEqual([
    { role: 'user', text: 'Hi', images: [] },
    { role: 'assistant', text: '', toolCalls: [{ id: 'c', name: 'weather', arguments: '{}' }] },
    { role: 'tool', id: 'c', text: 'rain' },
  ])
  expect(found?.leftOut).toEqual(['seed', 'input_audio'])
})

it('says that it cannot read what is of another shape', () => {
  expect(read('{"input":"text"}')).toBeUndefined()
  expect(read('{"messages":[{"ro')).toBeUndefined()
})

it('leaves empty parameters to the provider', () => {
  const settings = { system: '', temperature: '0', topP: '', maxTokens: ' ', stream: false, tools: '' }
  expect(bodyOf({ model: 'm', messages: [] }, settings)).toEqual({ model: 'm', messages: [], temperature: 0 })
})
