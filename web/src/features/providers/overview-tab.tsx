import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Badge, Facts, Panel, Stat } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { KeyShare } from './provider-state'
import { healthQuery, offeredQuery } from './queries'
import { type Provider, addressesOf, readSpec } from './spec'

/** A provider at a glance: numbers, where it is asked, what it offers. */
export function OverviewTab({ provider }: { provider: Provider }) {
  const { t } = useTranslation('providers')
  const format = useFormat()
  const mayDo = useMay()
  const { name, keys, models, created_at, updated_at, kind } = provider
  const spec = readSpec(provider)
  const health = useQuery({ ...healthQuery, enabled: mayDo('health.read') })
  const known = health.data?.items.find((item) => item.provider === name)
  const day = known?.statistics[0]
  const offered = useQuery({ ...offeredQuery(name), enabled: mayDo('models.read') })
  const addresses = spec.base_urls?.length
    ? spec.base_urls
    : addressesOf(spec).map((url) => ({ url, weight: undefined }))
  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Stat
          label={t('workingKeys')}
          value={`${format.number(keys.active)} / ${format.number(keys.total)}`}
          detail={t('keysOut', {
            cooling: format.number(keys.cooling),
            invalid: format.number(keys.invalid),
          })}
          tone={keys.total > 0 && keys.active === 0 ? 'bad' : undefined}
        />
        <Stat label={t('models')} value={models == null ? '–' : format.number(models)} />
        <Stat
          label={t('latencyDay')}
          value={day?.p50_ms == null ? '–' : format.duration(day.p50_ms)}
          detail={day?.p95_ms == null ? undefined : `p95 ${format.duration(day.p95_ms)}`}
        />
        <Stat
          label={t('uptimeDay')}
          value={day?.uptime == null ? '–' : format.percent(day.uptime)}
          detail={known && t('trafficText', { calls: known.traffic.calls, failed: known.traffic.failed })}
        />
      </div>
      <div className="grid gap-4 lg:grid-cols-2">
        <Panel title={t('connection')}>
          <Facts
            items={[
              [t('kind'), t(`kinds.${kind ?? 'unknown'}`)],
              [
                t('addresses'),
                addresses.length === 0 ? (
                  t('publicAddress')
                ) : (
                  <ul key="list" className="flex flex-col gap-1">
                    {addresses.map(({ url, weight }) => (
                      <li key={url} className="font-mono text-xs break-all">
                        {url}
                        {weight !== undefined && <span className="text-ink-faint"> × {weight}</span>}
                      </li>
                    ))}
                  </ul>
                ),
              ],
              [t('tier'), String(spec.tier ?? 0)],
              [t('weight'), String(spec.weight ?? 10)],
              [t('proxy'), t(provider.secrets.includes('/proxy') ? 'proxySet' : 'none')],
              [t('keysTab'), <KeyShare key="keys" keys={keys} />],
              ...(created_at ? [fact(t('createdAt'), format.dateTime(created_at))] : []),
              ...(updated_at ? [fact(t('updatedAt'), format.dateTime(updated_at))] : []),
            ]}
          />
        </Panel>
        <Panel
          title={t('models')}
          actions={
            <Link to="/models" search={{ provider: name }} className="text-brand hover:underline">
              {t('allModels')}
            </Link>
          }
        >
          {offered.data && offered.data.items.length > 0 ? (
            <ul className="flex max-h-72 flex-wrap gap-1.5 overflow-y-auto">
              {offered.data.items.map(({ id, public_name, enabled }) => (
                <li key={id} className="max-w-full">
                  <Badge className={enabled ? 'max-w-full font-mono' : 'max-w-full font-mono line-through'}>
                    <span className="truncate">{public_name}</span>
                  </Badge>
                </li>
              ))}
              {offered.data.next_cursor && <li className="text-ink-faint">…</li>}
            </ul>
          ) : (
            <p className="text-ink-soft">{t('noModels')}</p>
          )}
        </Panel>
      </div>
    </div>
  )
}

function fact(name: string, value: string): [string, string] {
  return [name, value]
}
