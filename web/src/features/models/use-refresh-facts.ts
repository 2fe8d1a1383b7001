import { useQueryClient } from '@tanstack/react-query'
import { useRefresh } from './use-changes'

/** What shows facts of the catalogue. */
export function useRefreshFacts() {
  const client = useQueryClient()
  const refresh = useRefresh()
  return () => Promise.all([client.invalidateQueries({ queryKey: ['catalogue'] }), refresh()])
}
