import { type Answer, type ToolCall, addTo, noAnswer } from './answer'

export type Message =
  | { role: 'user'; text: string; images: string[] }
  | { role: 'assistant'; text: string; toolCalls: ToolCall[] }
  | { role: 'tool'; id: string; text: string }

export type Settings = {
  system: string
  temperature: string
  topP: string
  maxTokens: string
  stream: boolean
  /** Definitions as the API takes them; empty is none. */
  tools: string
}

/** One call of the API, from its start to its end. Times are milliseconds of the page's clock. */
export type Run = {
  status: 'waiting' | 'streaming' | 'done' | 'failed' | 'stopped'
  request: string
  /** What came, byte for byte. */
  raw: string
  answer: Answer
  startedAt: number
  firstAt: number | undefined
  endedAt: number | undefined
  httpStatus: number | undefined
  headers: Record<string, string>
  error: string | undefined
}

export type Column = { id: string; model: string; messages: Message[]; run: Run | undefined }

export type RunEvent =
  | { type: 'started'; request: string; at: number }
  | { type: 'head'; httpStatus: number; headers: Record<string, string> }
  | { type: 'piece'; raw: string; events: string[]; at: number }
  | { type: 'ended'; at: number }
  | { type: 'failed'; error: string; at: number }
  | { type: 'stopped'; at: number }

/** What an event makes of a run. */
export function advance(run: Run | undefined, event: RunEvent): Run | undefined {
  if (event.type === 'started') {
    return {
      status: 'waiting',
      request: event.request,
      raw: '',
      answer: noAnswer,
      startedAt: event.at,
      firstAt: undefined,
      endedAt: undefined,
      httpStatus: undefined,
      headers: {},
      error: undefined,
    }
  }
  // An end that comes after a stop changes nothing any more.
  if (!run || run.endedAt !== undefined) return run
  switch (event.type) {
    case 'head':
      return { ...run, httpStatus: event.httpStatus, headers: event.headers }
    case 'piece': {
      const answer = event.events.reduce(addTo, run.answer)
      return {
        ...run,
        status: 'streaming',
        raw: run.raw + event.raw,
        answer,
        // Streams begin with events that only name the role.
        firstAt: run.firstAt ?? (saysSomething(answer) ? event.at : undefined),
      }
    }
    case 'ended':
      return {
        ...run,
        status: run.answer.error ? 'failed' : 'done',
        error: run.answer.error,
        endedAt: event.at,
      }
    case 'failed':
      return { ...run, status: 'failed', error: event.error, endedAt: event.at }
    case 'stopped':
      return { ...run, status: 'stopped', endedAt: event.at }
  }
}

function saysSomething({ text, reasoning, toolCalls }: Answer): boolean {
  return text !== '' || reasoning !== '' || toolCalls.length > 0
}

/** The conversation with the answer of a run that is over. */
export function withAnswer(column: Column): Message[] {
  const { run } = column
  if (!run || run.endedAt === undefined || (!run.answer.text && run.answer.toolCalls.length === 0))
    return column.messages
  return [...column.messages, { role: 'assistant', text: run.answer.text, toolCalls: run.answer.toolCalls }]
}

export type Action =
  | { type: 'ask'; messages: Message[] }
  | { type: 'answerTools'; column: string; messages: Message[] }
  | { type: 'run'; column: string; event: RunEvent }
  | { type: 'model'; column: string; model: string }
  | { type: 'columns'; models: string[] }
  | { type: 'remove'; column: string }
  | { type: 'clear' }

export function reduce(columns: Column[], action: Action): Column[] {
  const each = (id: string, change: (column: Column) => Column) =>
    columns.map((column) => (column.id === id ? change(column) : column))
  switch (action.type) {
    case 'ask':
      return columns.map((column) => ({
        ...column,
        messages: [...withAnswer(column), ...action.messages],
        run: undefined,
      }))
    case 'answerTools':
      return each(action.column, (column) => ({
        ...column,
        messages: [...withAnswer(column), ...action.messages],
        run: undefined,
      }))
    case 'run':
      return each(action.column, (column) => ({ ...column, run: advance(column.run, action.event) }))
    case 'model':
      return each(action.column, (column) => ({ ...column, model: action.model }))
    case 'columns': {
      const free = Math.max(-1, ...columns.map(({ id }) => Number(id))) + 1
      return action.models.map((model, index) => {
        const kept = columns[index]
        if (kept) return { ...kept, model }
        return { id: String(free + index - columns.length), model, messages: [], run: undefined }
      })
    }
    case 'remove':
      return columns.filter(({ id }) => id !== action.column)
    case 'clear':
      return columns.map((column) => ({ ...column, messages: [], run: undefined }))
  }
}
