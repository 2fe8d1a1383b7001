import { queryOptions } from '@tanstack/react-query'
import { type Schema, api, body } from '@/lib/api'

export type Pool = Schema<'ShownPool'>
export type Member = Schema<'PoolBody'>['providers'][number]

export const poolsQuery = queryOptions({
  queryKey: ['pools'],
  queryFn: () => body(api.GET('/api/v1/pools')),
})

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: () => body(api.GET('/api/v1/providers')),
})

/** Where clients reach a pool. */
export function addressOf(name: string): string {
  return `${location.origin}/proxy/${name}`
}

/** Each member's part of the requests, 0 to 1. */
export function shareOf({ weight }: Member, members: Member[]): number {
  const all = members.reduce((sum, member) => sum + (member.weight ?? 1), 0)
  return all === 0 ? 0 : (weight ?? 1) / all
}
