import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, body } from './api'
import { useMay } from './session'

export const providersQuery = queryOptions({
  queryKey: ['providers', 'choices'],
  queryFn: () => body(api.GET('/api/v1/providers')),
})

/** The names of all providers, for choices; none for those who may not see providers. */
export function useProviderNames(): string[] {
  const may = useMay()
  const providers = useQuery({ ...providersQuery, enabled: may('providers.read') })
  return providers.data?.items.map(({ name }) => name) ?? []
}
