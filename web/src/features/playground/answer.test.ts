import { describe, expect, it } from 'vitest'
import { EventParser } from '@/lib/sse'
import { addTo, noAnswer } from './answer'

const stream = [
  { choices: [{ delta: { role: 'assistant', content: 'Hel' } }] },
  { choices: [{ delta: { content: 'lo 你好' } }] },
  {
    choices: [
      {
        delta: { tool_calls: [{ index: 0, id: 'call_1', function: { name: 'weather', arguments: '{"ci' } }] },
      },
    ],
  },
  { choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: 'ty":1}' } }] } }] },
  {
    choices: [
      { delta: { tool_calls: [{ index: 1, id: 'call_2', function: { name: 'time', arguments: '{}' } }] } },
    ],
  },
  { choices: [{ delta: {}, finish_reason: 'tool_calls' }] },
  { choices: [], usage: { prompt_tokens: 7, completion_tokens: 5 } },
]
const wire =
  stream.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('') + ': keep-alive\n\ndata: [DONE]\n\n'

const whole = {
  text: 'Hello 你好',
  reasoning: '',
  toolCalls: [
    { id: 'call_1', name: 'weather', arguments: '{"city":1}' },
    { id: 'call_2', name: 'time', arguments: '{}' },
  ],
  finishReason: 'tool_calls',
  usage: { input: 7, output: 5 },
  error: undefined,
}

const textOf = (events: { data: string }[]) => events.map(({ data }) => data).reduce(addTo, noAnswer)

describe('answers', () => {
  it('are the same wherever the stream is cut', () => {
    for (let cut = 1; cut < wire.length; cut++) {
      const parser = new EventParser()
      const events = [...parser.push(wire.slice(0, cut)), ...parser.push(wire.slice(cut))]
      expect(textOf(events)).toEqual(whole)
    }
  })

  it('are read from line ends of every kind', () => {
    const parser = new EventParser()
    const events = [...wire.replaceAll('\n', '\r\n')].flatMap((letter) => parser.push(letter))
    expect(textOf(events)).toEqual(whole)
  })

  it('are read from whole bodies too', () => {
    const body = {
      choices: [{ message: { content: 'Hi', tool_calls: null }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 2 },
    }
    expect(addTo(noAnswer, JSON.stringify(body))).toMatchObject({
      text: 'Hi',
      finishReason: 'stop',
      usage: { input: 1, output: 2 },
    })
  })

  it('keep what came before a provider broke off', () => {
    const begun = addTo(noAnswer, '{"choices":[{"delta":{"content":"Hal"}}]}')
    expect(addTo(begun, '{"error":{"message":"overloaded"}}')).toMatchObject({
      text: 'Hal',
      error: 'overloaded',
    })
  })
})
