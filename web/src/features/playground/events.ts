/**
 * The data of server-sent events, out of text that arrives in pieces cut anywhere
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html). Names and ids of events are not needed here.
 */
export class EventParser {
  #rest = ''

  /** The events that are whole after this piece. */
  push(piece: string): string[] {
    this.#rest += piece
    const events: string[] = []
    for (;;) {
      // A lone CR at the end may be the first half of a CRLF.
      const end = /\r\n\r\n|\n\n|\r\r(?!$)/.exec(this.#rest)
      if (!end) return events
      const event = dataOf(this.#rest.slice(0, end.index))
      this.#rest = this.#rest.slice(end.index + end[0].length)
      if (event !== undefined) events.push(event)
    }
  }
}

function dataOf(event: string): string | undefined {
  const lines = event.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:'))
  if (lines.length === 0) return undefined
  return lines.map((line) => line.slice(5).replace(/^ /, '')).join('\n')
}
