import { queryOptions } from '@tanstack/react-query'
import { type Schema, api, body } from '@/lib/api'

export type About = Schema<'About'>
/** Something that is part of Roundhouse and was made by others. */
export type Part = { name: string; version: string; licence: string; from: 'crate' | 'npm'; home: string }

export const aboutQuery = queryOptions({
  queryKey: ['about'],
  queryFn: () => body(api.GET('/api/v1/about')),
  refetchInterval: 30_000,
})

export const partsQuery = queryOptions({
  queryKey: ['about', 'licences'],
  queryFn: async (): Promise<Part[]> => {
    const [crates, { default: packages }] = await Promise.all([
      body(api.GET('/api/v1/about/licences')),
      import('virtual:npm-licences'),
    ])
    const parts = [
      ...crates.map((one): Part => ({
        ...one,
        from: 'crate',
        home: one.repository ?? `https://crates.io/crates/${one.name}`,
      })),
      ...packages.map(({ name, version = '', licence = '' }): Part => ({
        name,
        version,
        licence,
        from: 'npm',
        home: `https://www.npmjs.com/package/${name}`,
      })),
    ]
    return parts.toSorted((a, b) => a.name.localeCompare(b.name))
  },
  staleTime: Infinity,
})
