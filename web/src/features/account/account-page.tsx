import { useTranslation } from 'react-i18next'
import { Tabs } from '@/components/ui/menu'
import { Skeleton } from '@/components/ui/states'
import { PageHeader, Panel } from '@/components/ui/surface'
import { useMe } from '@/lib/session'
import { PasswordForm } from './password-form'
import { ProfileForm } from './profile-form'
import { SecondFactor } from './second-factor'
import { Sessions } from './sessions'

type Props = { tab: string | undefined; onTab: (tab: string | undefined) => void }

export function AccountPage({ tab, onTab }: Props) {
  const { t } = useTranslation('account')
  const me = useMe()
  return (
    <>
      <PageHeader title={t('title')} text={me?.email} />
      {me ? (
        <Tabs
          value={['security', 'sessions'].find((one) => one === tab) ?? 'profile'}
          onValueChange={(next) => onTab(next === 'profile' ? undefined : next)}
          tabs={[
            {
              value: 'profile',
              label: t('profile'),
              content: (
                <Panel title={t('profile')} className="max-w-2xl">
                  <ProfileForm me={me} />
                </Panel>
              ),
            },
            {
              value: 'security',
              label: t('security'),
              content: (
                <div className="flex max-w-2xl flex-col gap-4">
                  <Panel title={t('password')}>
                    <PasswordForm me={me} />
                  </Panel>
                  <SecondFactor me={me} />
                </div>
              ),
            },
            { value: 'sessions', label: t('sessions'), content: <Sessions /> },
          ]}
        />
      ) : (
        <Skeleton className="h-64 max-w-2xl" />
      )}
    </>
  )
}
