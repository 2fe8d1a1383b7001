import { useQuery } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, type LucideIcon, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Tabs } from '@/components/ui/menu'
import { Loading } from '@/components/ui/states'
import { Badge, Facts, PageHeader, Panel } from '@/components/ui/surface'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/format'
import { Licences } from './licences'
import { type About, aboutQuery } from './queries'

export type AboutSearch = { tab?: string | undefined; q?: string | undefined }
type Props = { search: AboutSearch; onSearch: (search: AboutSearch) => void }

export function AboutPage({ search, onSearch }: Props) {
  const { t } = useTranslation('about')
  const about = useQuery(aboutQuery)
  return (
    <>
      <PageHeader title={t('title')} text={t('text')} />
      <Tabs
        value={search.tab === 'licences' ? 'licences' : 'server'}
        onValueChange={(tab) => onSearch(tab === 'licences' ? { tab } : {})}
        tabs={[
          {
            value: 'server',
            label: t('server'),
            content: <Loading query={about}>{(shown) => <Server about={shown} />}</Loading>,
          },
          {
            value: 'licences',
            label: t('licences'),
            content: <Licences q={search.q} onQ={(q) => onSearch({ tab: 'licences', q })} />,
          },
        ]}
      />
    </>
  )
}

function Server({ about }: { about: About }) {
  const { t } = useTranslation('about')
  const format = useFormat()
  const { build, database, redis, provider_keys: keys } = about
  const redisTone = redis === 'connected' ? 'good' : redis === 'away' ? 'bad' : 'neutral'
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Panel title={`Roundhouse ${about.version}`}>
        <Facts
          items={[
            [
              t('build'),
              `${build.os} ${build.architecture}, ${t(`profiles.${build.profile}`, build.profile)}`,
            ],
            [
              t('running'),
              t('since', { time: format.dateTime(about.started_at), ago: format.ago(about.started_at) }),
            ],
            [
              t('roles'),
              <span key="roles" className="flex flex-wrap gap-1">
                {about.roles.map((role) => (
                  <Badge key={role}>{t(`role.${role}`, role)}</Badge>
                ))}
              </span>,
            ],
            [
              t('database'),
              <span key="database" className="flex flex-wrap items-center gap-2">
                {t(`databases.${database.kind}`, database.kind)} {database.version}
                {database.version == null && <Badge tone="bad">{t('away')}</Badge>}
              </span>,
            ],
            [
              'Redis',
              <Badge key="redis" tone={redisTone}>
                {t(`redis.${redis}`, redis)}
              </Badge>,
            ],
            [t('providers'), format.number(about.providers)],
            [
              t('keys'),
              t('keysText', { available: format.number(keys.available), total: format.number(keys.total) }),
            ],
          ]}
        />
      </Panel>
      {about.findings && <Findings findings={about.findings} />}
    </div>
  )
}

const looks: Record<string, [LucideIcon, string]> = {
  ok: [CircleCheck, 'text-good'],
  warning: [TriangleAlert, 'text-warn'],
  problem: [CircleAlert, 'text-bad'],
}
const order = ['problem', 'warning', 'ok']

/** What `roundhouse doctor` finds, the worst first. */
function Findings({ findings }: { findings: NonNullable<About['findings']> }) {
  const { t } = useTranslation('about')
  const sorted = findings.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level))
  return (
    <Panel title={t('findings')}>
      <ul className="flex flex-col gap-3">
        {sorted.map(({ level, text }) => {
          const [Icon, colour] = looks[level] ?? [CircleAlert, 'text-ink-faint']
          return (
            <li key={text} className="flex gap-2.5">
              <Icon
                className={cn('mt-0.5 size-4 shrink-0', colour)}
                aria-label={t(`level.${level}`, level)}
              />
              <span className="min-w-0 break-words whitespace-pre-wrap">{text}</span>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}
