import { queryOptions } from '@tanstack/react-query'
import { ApiError, api, body } from '@/lib/api'
import type { Beginning } from './playground'
import { type Recorded, read } from './recorded'

export type Replay = Recorded & { model: string; whole: boolean }

export const nothing: Beginning = { settings: {}, messages: [], draft: { text: '', images: [] } }

/** A logged request made ready to be asked again; without its body when none was kept or it is of another shape. */
export const replayQuery = (id: string) =>
  queryOptions({
    queryKey: ['playground', 'replay', id],
    staleTime: Infinity,
    queryFn: async (): Promise<Replay> => {
      const path = { params: { path: { id } } }
      const request = await body(api.GET('/api/v1/requests/{id}', path))
      const text = await body(api.GET('/api/v1/requests/{id}/bodies', path)).then(
        (bodies) => bodies.request?.text,
        (error: unknown) => {
          if (error instanceof ApiError) return undefined
          throw error
        },
      )
      const found = text === undefined ? undefined : read(text)
      return {
        model: request.model,
        whole: found !== undefined,
        ...(found ?? { beginning: nothing, leftOut: [] }),
      }
    },
  })
