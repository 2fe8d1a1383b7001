import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Badge, Facts, Panel } from '@/components/ui/surface'
import type { Schema } from '@/lib/api'
import { useFormat } from '@/lib/format'
import type { Profile } from './data'

type Props = { user: Profile; accessKeys: Schema<'ShownAccessKey'>[] }

/** What is known of a person, what they may, and their access keys. */
export function UserAside({ user, accessKeys }: Props) {
  const { t } = useTranslation('people')
  const format = useFormat()
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Panel title={t('details')}>
        <Facts
          items={[
            [t('lastLogin'), user.last_login_at ? format.dateTime(user.last_login_at) : t('never')],
            [t('since'), format.dateTime(user.created_at)],
            [
              t('secondFactor'),
              <Badge key="factor" tone={user.second_factor ? 'good' : 'neutral'}>
                {user.second_factor ? t('on') : t('off')}
              </Badge>,
            ],
            [t('timeZone'), user.time_zone ?? t('ofBrowser')],
            [t('language'), user.language ?? t('ofBrowser')],
          ]}
        />
      </Panel>
      {user.identities.length > 0 && (
        <Panel title={t('identities')}>
          <ul className="flex flex-col gap-3">
            {user.identities.map(({ issuer, subject, email, last_login_at }) => (
              <li key={issuer + subject} className="break-words">
                <div className="font-medium">{email}</div>
                <div className="text-ink-faint text-xs">
                  {issuer} · {format.ago(last_login_at)}
                </div>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title={t('mayDo')}>
        {user.role === 'administrator' ? (
          <p className="text-ink-soft">{t('mayEverything')}</p>
        ) : (
          <ul className="flex flex-col gap-1.5">
            {user.permissions.map((name) => (
              <li key={name}>{t(`permissions.${name}.label`, name)}</li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel title={t('accessKeys')}>
        {accessKeys.length === 0 ? (
          <p className="text-ink-soft">{t('noAccessKeys')}</p>
        ) : (
          <ul className="flex flex-col gap-2">
            {accessKeys.map(({ id, name, enabled }) => (
              <li key={id} className="flex items-center gap-2">
                <Link
                  to="/access-keys/$id"
                  params={{ id }}
                  className="text-brand min-w-0 truncate hover:underline"
                >
                  {name}
                </Link>
                {!enabled && <Badge>{t('disabled')}</Badge>}
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </div>
  )
}
