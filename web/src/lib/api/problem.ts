import * as z from 'zod/mini'
import type { components } from './schema'

export type Problem = components['schemas']['Problem']

const shape = z.object({
  type: z._default(z.string(), 'about:blank'),
  title: z._default(z.string(), ''),
  status: z.number(),
  code: z.string(),
  detail: z.string(),
  errors: z.optional(z.array(z.object({ field: z.string(), message: z.string() }))),
})

/** A call that the server refused, with its reason. */
export class ApiError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }

  /** What is wrong with a field of the request, if something is. */
  field(name: string): string | undefined {
    return this.problem.errors?.find((error) => error.field === name || error.field.endsWith(`.${name}`))
      ?.message
  }
}

/** The problem document of a failed response; one is made up for answers that are none (a proxy's page). */
export async function readProblem(response: Response): Promise<Problem> {
  const read = shape.safeParse(await response.json().catch(() => undefined))
  if (read.success) return read.data
  const status = response.status
  return {
    type: 'about:blank',
    title: response.statusText,
    status,
    code: 'unreadable',
    detail: `${status} ${response.statusText}`,
  }
}

/** An error's text for people. */
export function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
