import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Chart } from '@/components/ui/chart'
import { Select } from '@/components/ui/field'
import { Badge } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { CheckStrip } from './check-strip'
import { type Check, toneOf } from './queries'

type Props = { checks: Check[]; more: boolean; busy: boolean; onMore: () => void }

/** The checks of a provider: as a strip, as a curve of their latencies, and one by one. */
export function CheckHistory({ checks, more, busy, onMore }: Props) {
  const { t } = useTranslation('health')
  const format = useFormat()
  const addresses = [...new Set(checks.map(({ address }) => address))].toSorted()
  const [address, setAddress] = useState('')
  const shown = address ? checks.filter((check) => check.address === address) : checks
  if (checks.length === 0) return <p className="text-ink-soft">{t('noChecks')}</p>
  const points = shown
    .toReversed()
    .map((check) => ({ at: check.at, ms: check.outcome === 'failed' ? null : check.latency_ms }))
  return (
    <section className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="flex-1 font-semibold">{t('history')}</h3>
        {addresses.length > 1 && (
          <Select
            aria-label={t('address')}
            value={address}
            onChange={(event) => setAddress(event.target.value)}
            className="w-64"
          >
            <option value="">{t('allAddresses')}</option>
            {addresses.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </Select>
        )}
      </div>
      <CheckStrip checks={shown} size={90} className="h-8" />
      {points.some(({ ms }) => ms !== null) && (
        <Chart
          label={t('chartLabel')}
          kind="line"
          height={180}
          points={points}
          series={[{ key: 'ms', label: t('latency') }]}
          format={format.duration}
          formatTime={format.time}
        />
      )}
      <ul className="divide-line border-line divide-y rounded-md border">
        {shown.map((check) => (
          <CheckLine key={check.id} check={check} showAddress={addresses.length > 1} />
        ))}
      </ul>
      {more && (
        <Button className="self-center" busy={busy} onClick={onMore}>
          {t('loading.more')}
        </Button>
      )}
    </section>
  )
}

function CheckLine({ check, showAddress }: { check: Check; showAddress: boolean }) {
  const { t } = useTranslation('health')
  const format = useFormat()
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-3 py-2">
      <Badge tone={toneOf(check.outcome)}>{t(`outcome.${check.outcome}`)}</Badge>
      <span className="tabular-nums">{format.dateTime(check.at)}</span>
      {check.manual && <Badge>{t('manual')}</Badge>}
      <span className="text-ink-soft ml-auto tabular-nums">
        {check.outcome === 'failed' && check.latency_ms === 0 ? '–' : format.duration(check.latency_ms)}
      </span>
      {(showAddress || check.error) && (
        <span className="text-ink-soft w-full min-w-0 break-words">
          {showAddress && <span className="font-mono text-xs">{check.address} </span>}
          {check.error}
        </span>
      )}
    </li>
  )
}
