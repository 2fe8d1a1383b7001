import { expect, it } from 'vitest'
import { bodyOf } from './request'
import { read } from './replay'

it('makes a recorded chat completion ready to be asked again', () => {
  const beginning = read(
    JSON.stringify({
      model: 'm',
      temperature: 0,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
        { role: 'assistant', content: 'Hello' },
        { role: 'user', content: 'Why?' },
      ],
    }),
  )
  expect(beginning).toMatchObject({ draft: 'Why?', settings: { system: 'Be brief.', temperature: '0' } })
  expect(beginning?.messages.map(({ text }) => text)).toEqual(['Hi', 'Hello'])
})

it('says that it cannot read what is of another shape', () => {
  expect(read('{"input":"text"}')).toBeUndefined()
  expect(read('{"messages":[{"ro')).toBeUndefined()
})

it('leaves empty parameters to the provider', () => {
  const settings = { system: '', temperature: '0', topP: '', maxTokens: ' ', stream: false, tools: '' }
  expect(bodyOf({ model: 'm', messages: [] }, settings)).toEqual({ model: 'm', messages: [], temperature: 0 })
})
