import { useQuery } from '@tanstack/react-query'
import { api, body } from './api'
import { useMay } from './session'

/** The names of all providers, for choices; none for those who may not see providers. */
export function useProviderNames(): string[] {
  const may = useMay()
  const providers = useQuery({
    queryKey: ['providers', 'names'],
    queryFn: () => body(api.GET('/api/v1/providers')),
    select: ({ items }) => items.map(({ name }) => name),
    enabled: may('providers.read'),
  })
  return providers.data ?? []
}
