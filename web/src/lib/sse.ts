export type ServerEvent = { event: string; data: string }

/**
 * Server-sent events out of text that arrives in pieces cut anywhere
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html). Comments and ids are passed over.
 */
export class EventParser {
  #rest = ''

  /** The events that are whole after this piece. */
  push(piece: string): ServerEvent[] {
    this.#rest += piece
    const events: ServerEvent[] = []
    for (;;) {
      // A lone CR at the end may be the first half of a CRLF.
      const end = /\r\n\r\n|\n\n|\r\r(?!$)/.exec(this.#rest)
      if (!end) return events
      const event = parse(this.#rest.slice(0, end.index))
      this.#rest = this.#rest.slice(end.index + end[0].length)
      if (event) events.push(event)
    }
  }
}

/** Reads server-sent events as they come, all that came together at once. */
export async function* readEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent[]> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  const parser = new EventParser()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const events = parser.push(decoder.decode(value, { stream: true }))
      if (events.length > 0) yield events
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function parse(block: string): ServerEvent | undefined {
  let event = 'message'
  const data: string[] = []
  for (const line of block.split(/\r\n|\n|\r/)) {
    const value = line.slice(line.indexOf(':') + 1).replace(/^ /, '')
    if (line.startsWith('event:')) event = value
    if (line.startsWith('data:')) data.push(value)
  }
  return data.length > 0 ? { event, data: data.join('\n') } : undefined
}
