import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RefreshCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Overlay } from '@/components/ui/overlay'
import { Loading } from '@/components/ui/states'
import { Facts, Notice } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { CheckHistory } from './check-history'
import { StatusBadges } from './health-table'
import { type Health, checksQuery, useCheckNow } from './queries'
import { Statistics } from './statistics'

/** All that is known of how a provider fares. */
export function ProviderSheet({ provider, onClose }: { provider: string | undefined; onClose: () => void }) {
  const { t } = useTranslation('health')
  const mayDo = useMay()
  const check = useCheckNow()
  return (
    <Overlay
      open={provider !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={provider}
      description={t('sheetText')}
      shape="sheet"
      size="lg"
      footer={
        provider !== undefined && (
          <>
            <Button asChild>
              <Link to="/providers/$name" params={{ name: provider }}>
                {t('openProvider')}
              </Link>
            </Button>
            {mayDo('providers.write') && (
              <Button variant="primary" busy={check.isPending} onClick={() => check.mutate(provider)}>
                {!check.isPending && <RefreshCw />} {t('checkNow')}
              </Button>
            )}
          </>
        )
      }
    >
      {provider !== undefined && <Content provider={provider} />}
    </Overlay>
  )
}

function Content({ provider }: { provider: string }) {
  const query = useInfiniteQuery({ ...checksQuery(provider), refetchInterval: 30_000 })
  return (
    <Loading query={query}>
      {({ pages }) => {
        const health = pages[0]?.health
        return (
          <div className="flex flex-col gap-6">
            {health && <State health={health} />}
            {health && <Statistics health={health} />}
            <CheckHistory
              checks={pages.flatMap(({ checks }) => checks.items)}
              more={query.hasNextPage}
              busy={query.isFetchingNextPage}
              onMore={() => void query.fetchNextPage()}
            />
          </div>
        )
      }}
    </Loading>
  )
}

function State({ health }: { health: Health }) {
  const { t } = useTranslation('health')
  const format = useFormat()
  const { calls, failed } = health.traffic
  return (
    <section className="flex flex-col gap-3">
      {health.disabled_by_health && (
        <Notice tone="bad">
          <strong className="font-semibold">{t('asideTitle', { failures: health.failures })}</strong>
          <span className="mt-1 block">
            {t('asideText', { since: health.disabled_at ? format.dateTime(health.disabled_at) : '' })}
          </span>
        </Notice>
      )}
      <Facts
        items={[
          [t('status.label'), <StatusBadges key="status" health={health} />],
          [t('since'), health.changed_at ? format.dateTime(health.changed_at) : '–'],
          ...(health.reason ? ([[t('reason'), health.reason]] satisfies [string, string][]) : []),
          [t('lastCheck'), health.checked_at ? format.ago(health.checked_at) : t('never')],
          [
            t('traffic'),
            calls === 0
              ? t('trafficNone')
              : t('trafficText', {
                  calls: format.number(calls),
                  failed: format.number(failed),
                  share: format.percent(failed / calls),
                }),
          ],
        ]}
      />
    </section>
  )
}
