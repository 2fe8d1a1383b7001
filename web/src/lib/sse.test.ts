import { expect, test } from 'vitest'
import { readEvents } from './sse'

test('events are read across pieces, with their names, whatever ends their lines', async () => {
  const text =
    ': hello\n\nevent: request\nid: 1\ndata: {"a":\ndata: "é"}\n\nevent: skipped\r\ndata: 3\r\n\r\ndata: last'
  const bytes = new TextEncoder().encode(text)
  for (const size of [1, 7, bytes.length]) {
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
        controller.close()
      },
    })
    const events = []
    for await (const some of readEvents(pieces)) events.push(...some)
    expect(events).toEqual([
      { event: 'request', data: '{"a":\n"é"}' },
      { event: 'skipped', data: '3' },
    ])
  }
})
