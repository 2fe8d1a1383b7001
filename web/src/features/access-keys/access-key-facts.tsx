import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Facts, Panel, Stat } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { useUserNames } from '@/lib/user-names'
import { BudgetBars } from './budget-bars'
import { type AccessKey, limitNames } from './draft'

/** What a key may use, has used, and how it is known. */
export function AccessKeyFacts({ accessKey }: { accessKey: AccessKey }) {
  const { t } = useTranslation('access-keys')
  const format = useFormat()
  const nameOf = useUserNames()
  const { usage, limits } = accessKey
  const date = (time: string | null | undefined) => (time ? format.dateTime(time) : '–')
  const limited = limitNames.filter((name) => limits[name] !== null && limits[name] !== undefined)
  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Stat
          label={t('requestsToday')}
          value={format.compact(usage.today.requests)}
          detail={t('open', { count: usage.open_requests })}
        />
        <Stat
          label={t('tokensToday')}
          value={format.compact(usage.today.tokens)}
          detail={t('tokensMonth', { tokens: format.compact(usage.this_month.tokens) })}
        />
        <Stat label={t('costToday')} value={format.money(usage.today.cost_usd * 1e9)} />
        <Stat label={t('costMonth')} value={format.money(usage.this_month.cost_usd * 1e9)} />
      </div>
      <div className="grid gap-4 lg:grid-cols-2">
        <Panel title={t('budget')}>
          <BudgetBars of={accessKey} />
          {limited.length > 0 && (
            <div className="border-line mt-4 border-t pt-4">
              <Facts
                items={limited.map((name) => [
                  t(`limit.${name}`),
                  name.startsWith('usd')
                    ? format.money((limits[name] ?? 0) * 1e9)
                    : format.number(limits[name] ?? 0),
                ])}
              />
            </div>
          )}
        </Panel>
        <Panel title={t('about')}>
          <Facts
            items={[
              [t('owner'), accessKey.owner ? nameOf(accessKey.owner) : '–'],
              [
                t('models'),
                accessKey.models.map((rule) => (rule === 'all' ? t('allModels') : rule)).join(', '),
              ],
              [t('networks'), accessKey.allowed_networks.join(', ') || t('anywhere')],
              [t('expires'), accessKey.expires_at ? date(accessKey.expires_at) : t('never')],
              [t('tags'), accessKey.tags.join(', ') || '–'],
              [t('createdAt'), date(accessKey.created_at)],
              [t('credentials'), <Credentials key="credentials" accessKey={accessKey} />],
            ]}
          />
          <p className="mt-4 flex gap-4">
            <Link
              to="/requests"
              search={{ access_key: accessKey.name }}
              className="text-brand hover:underline"
            >
              {t('seeRequests')}
            </Link>
            <Link to="/usage" search={{ access_key: accessKey.name }} className="text-brand hover:underline">
              {t('seeUsage')}
            </Link>
          </p>
        </Panel>
      </div>
    </div>
  )
}

function Credentials({ accessKey }: { accessKey: AccessKey }) {
  const { t } = useTranslation('access-keys')
  const format = useFormat()
  if (accessKey.credentials.length === 0) return '–'
  return (
    <ul>
      {accessKey.credentials.map((credential) => (
        <li key={credential.masked_key}>
          <code className="font-mono text-xs">{credential.masked_key}</code>
          {credential.expires_at && (
            <span className="text-ink-faint">
              {' '}
              · {t('endsAt', { time: format.dateTime(credential.expires_at) })}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
