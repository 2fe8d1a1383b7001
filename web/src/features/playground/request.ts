import type { Column, Message, Settings } from './state'

/** The path of chat completions; below `/api/v1/playground` for pages, at the root for clients with an access key. */
export const path = '/v1/chat/completions'

/** The body that asks for the next answer of a conversation. */
export function bodyOf(
  column: Pick<Column, 'model' | 'messages'>,
  settings: Settings,
): Record<string, unknown> {
  const system = settings.system.trim()
  const tools: unknown = settings.tools.trim() ? JSON.parse(settings.tools) : undefined
  return {
    model: column.model,
    messages: [...(system ? [{ role: 'system', content: system }] : []), ...column.messages.map(written)],
    ...number('temperature', settings.temperature),
    ...number('top_p', settings.topP),
    ...number('max_tokens', settings.maxTokens),
    ...(tools ? { tools } : {}),
    ...(settings.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  }
}

function number(name: string, text: string): Record<string, number> {
  const value = Number(text)
  return text.trim() === '' || Number.isNaN(value) ? {} : { [name]: value }
}

function written(message: Message): object {
  switch (message.role) {
    case 'user':
      if (message.images.length === 0) return { role: 'user', content: message.text }
      return {
        role: 'user',
        content: [
          { type: 'text', text: message.text },
          ...message.images.map((url) => ({ type: 'image_url', image_url: { url } })),
        ],
      }
    case 'assistant':
      return {
        role: 'assistant',
        content: message.text || null,
        ...(message.toolCalls.length > 0
          ? {
              tool_calls: message.toolCalls.map((call) => ({
                id: call.id,
                type: 'function',
                function: { name: call.name, arguments: call.arguments },
              })),
            }
          : {}),
      }
    case 'tool':
      return { role: 'tool', tool_call_id: message.id, content: message.text }
  }
}

/** What is wrong with the definitions of tools; undefined when they can be sent. */
export function wrongTools(text: string): string | undefined {
  if (!text.trim()) return undefined
  try {
    return Array.isArray(JSON.parse(text)) ? undefined : '[…]'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The same call for a terminal; the key is left to the reader, since pages have none. */
export function asCurl(origin: string, request: string): string {
  return `curl ${origin}${path} \\
  -H "Authorization: Bearer $ROUNDHOUSE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${request.replaceAll("'", "'\\''")}'`
}
