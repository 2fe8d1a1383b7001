import { queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { fetchApi } from './api'
import { ApiError, readProblem } from './api/problem'

const shape = z.object({ data: z.array(z.object({ id: z.string() })) })

/** Names of the models that the person may ask, as clients would see them. */
export const usableModelsQuery = queryOptions({
  queryKey: ['models', 'usable'],
  queryFn: async () => {
    const response = await fetchApi(new URL('/api/v1/playground/v1/models', location.origin).href)
    if (!response.ok) throw new ApiError(await readProblem(response))
    return shape.parse(await response.json()).data.map(({ id }) => id)
  },
})
