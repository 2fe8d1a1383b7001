import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useToast } from '@/components/ui/toast'
import { type Schema, api, body } from '@/lib/api'

export type Rule = Schema<'ShownAlert'>
export type RuleSpec = Schema<'AlertBody'>
export type Condition = RuleSpec['when']
export type Channel = Schema<'ShownAlertChannel'>
export type ChannelSpec = Schema<'AlertChannelBody'>
/** `over` says whether it had ended when it was read. */
export type Silence = Schema<'ShownSilence'> & { over: boolean }
export type Firing = Schema<'ShownFiring'>
export type AlertEvent = Schema<'Page_ShownEvent'>['items'][number]
export type Delivery = Schema<'ShownDelivery'>

export const rulesQuery = queryOptions({
  queryKey: ['alerts', 'rules'],
  queryFn: async () => (await body(api.GET('/api/v1/alerts'))).items,
})

export const channelsQuery = queryOptions({
  queryKey: ['alerts', 'channels'],
  queryFn: async () => (await body(api.GET('/api/v1/alert-channels'))).items,
})

export const silencesQuery = queryOptions({
  queryKey: ['alerts', 'silences'],
  queryFn: async () => {
    const { items } = await body(api.GET('/api/v1/alert-silences'))
    return items.map((silence) => ({ ...silence, over: Date.parse(silence.until) <= Date.now() }))
  },
  refetchInterval: 30_000,
})

export const firingQuery = queryOptions({
  queryKey: ['alerts', 'firing'],
  queryFn: async () => (await body(api.GET('/api/v1/alerts-firing'))).items,
  refetchInterval: 15_000,
})

export function eventsQuery(alert: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['alerts', 'events', alert],
    queryFn: ({ pageParam }) => {
      const query = { limit: 100, ...(pageParam ? { cursor: pageParam } : {}), ...(alert ? { alert } : {}) }
      return body(api.GET('/api/v1/alert-events', { params: { query } }))
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })
}

/** A change of something about alerts: all of it is read anew, failures are told. */
export function useAct<Given, Got>(
  mutationFn: (given: Given) => Promise<Got>,
  onDone?: (got: Got, given: Given) => void,
) {
  const client = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn,
    onSuccess: (got, given) => onDone?.(got, given),
    onError: (error) => toast.failed(error),
    onSettled: () => client.invalidateQueries({ queryKey: ['alerts'] }),
  })
}
