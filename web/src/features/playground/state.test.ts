import { describe, expect, it } from 'vitest'
import { type Column, type RunEvent, advance, reduce } from './state'

const piece = (text: string, at: number): RunEvent => ({
  type: 'piece',
  raw: text,
  events: [JSON.stringify({ choices: [{ delta: { content: text } }] })],
  at,
})
const begun: RunEvent = { type: 'started', request: '{}', at: 0 }
const start: Column[] = [
  { id: '0', model: 'a', messages: [], run: undefined },
  { id: '1', model: 'b', messages: [], run: undefined },
]

describe('the playground', () => {
  it('asks all models the same and keeps each answer in its own conversation', () => {
    let columns = reduce(start, { type: 'ask', messages: [{ role: 'user', text: 'Hi', images: [] }] })
    for (const event of [begun, piece('One', 5), { type: 'ended', at: 9 } satisfies RunEvent]) {
      columns = reduce(columns, { type: 'run', column: '0', event })
    }
    columns = reduce(columns, { type: 'ask', messages: [{ role: 'user', text: 'And?', images: [] }] })
    expect(columns.map(({ messages }) => messages.map(({ text }) => text))).toEqual([
      ['Hi', 'One', 'And?'],
      ['Hi', 'And?'],
    ])
  })

  it('tells the time of the first piece, and nothing changes after a stop', () => {
    const events: RunEvent[] = [
      begun,
      piece('a', 120),
      piece('b', 200),
      { type: 'stopped', at: 210 },
      piece('c', 300),
      { type: 'ended', at: 301 },
    ]
    const run = events.reduce<ReturnType<typeof advance>>(advance, undefined)
    expect(run).toMatchObject({ status: 'stopped', firstAt: 120, endedAt: 210, answer: { text: 'ab' } })
  })
  it('takes one conversation away and leaves the others as they are', () => {
    let columns = reduce(start, { type: 'ask', messages: [{ role: 'user', text: 'Hi', images: [] }] })
    for (const event of [begun, piece('Two', 5), { type: 'ended', at: 9 } satisfies RunEvent]) {
      columns = reduce(columns, { type: 'run', column: '1', event })
    }
    columns = reduce(columns, { type: 'remove', column: '0' })
    columns = reduce(columns, { type: 'columns', models: ['b', 'c'] })
    expect(columns.map(({ id, model, run }) => [id, model, run?.answer.text])).toEqual([
      ['1', 'b', 'Two'],
      ['2', 'c', undefined],
    ])
  })

  it('does not take the event that names the role for the first word', () => {
    const role: RunEvent = {
      type: 'piece',
      raw: '',
      events: ['{"choices":[{"delta":{"content":""}}]}'],
      at: 3,
    }
    const run = [begun, role, piece('a', 120)].reduce<ReturnType<typeof advance>>(advance, undefined)
    expect(run?.firstAt).toBe(120)
  })
})
