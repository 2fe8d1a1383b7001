import { useEffect, useReducer, useRef } from 'react'
import { call } from './call'
import { bodyOf } from './request'
import { type Column, type Message, type Settings, reduce, withAnswer } from './state'

/** The conversations side by side, and how they go on. */
export function usePlayground(models: string[], settings: Settings, first: Message[]) {
  const [columns, dispatch] = useReducer(reduce, models, (names) =>
    names.map((model, index): Column => ({ id: String(index), model, messages: first, run: undefined })),
  )
  const stops = useRef(new Map<string, AbortController>())

  // Calls go on outside of React: who leaves the page must not go on paying for answers that nobody reads.
  useEffect(() => {
    const running = stops.current
    return () => {
      for (const controller of running.values()) controller.abort()
    }
  }, [])

  const start = (column: Column, messages: Message[]) => {
    const controller = new AbortController()
    stops.current.set(column.id, controller)
    const body = bodyOf({ model: column.model, messages }, settings)
    void call(body, controller.signal, (event) => dispatch({ type: 'run', column: column.id, event }))
  }
  const busy = columns.some(({ run }) => run && run.endedAt === undefined)
  return {
    columns,
    busy,
    /** A recorded conversation that ends with what a tool said goes on without a question. */
    resumable: columns.some(({ messages, run }) => !run && messages.at(-1)?.role === 'tool'),
    ask: (messages: Message[]) => {
      dispatch({ type: 'ask', messages })
      for (const column of columns) if (column.model) start(column, [...withAnswer(column), ...messages])
    },
    answerTools: (column: Column, messages: Message[]) => {
      dispatch({ type: 'answerTools', column: column.id, messages })
      start(column, [...withAnswer(column), ...messages])
    },
    stop: () => {
      for (const controller of stops.current.values()) controller.abort()
    },
    setModels: (names: string[]) => dispatch({ type: 'columns', models: names }),
    remove: (column: string) => dispatch({ type: 'remove', column }),
    clear: () => {
      for (const controller of stops.current.values()) controller.abort()
      dispatch({ type: 'clear' })
    },
  }
}
