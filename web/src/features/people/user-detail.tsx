import { useQuery } from '@tanstack/react-query'
import { EllipsisVertical, KeyRound, LogOut, Mail, ShieldOff, Trash2, UserCheck, UserX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { BackLink } from '@/components/back-link'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem, MenuSeparator } from '@/components/ui/menu'
import { Loading } from '@/components/ui/states'
import { PageHeader } from '@/components/ui/surface'
import { api, body } from '@/lib/api'
import { useMay } from '@/lib/session'
import { type Profile, userQuery } from './data'
import { LimitsPanel } from './limits-panel'
import { SentLinkDialog } from './sent-link'
import { RoleBadge, StatusBadge } from './status-badge'
import { useUserActions } from './use-user-actions'
import { UserAside } from './user-aside'
import { UserForm } from './user-form'

/** One person: who they are, what they may, and what they may use. */
export function UserDetail({ id }: { id: string }) {
  const { t } = useTranslation('people')
  const query = useQuery(userQuery(id))
  return (
    <>
      <BackLink to="/users">{t('users')}</BackLink>
      <Loading query={query}>{(user) => <Shown key={user.updated_at} user={user} />}</Loading>
    </>
  )
}

function Shown({ user }: { user: Profile }) {
  const may = useMay()
  const keys = useQuery({
    queryKey: ['access-keys', 'of', user.id],
    queryFn: () =>
      body(api.GET('/api/v1/access-keys', { params: { query: { owner: user.id, limit: 100 } } })),
    enabled: may('access_keys.read'),
  })
  const owned = keys.data?.items ?? []
  const actions = useUserActions(user, owned.length)
  return (
    <>
      <PageHeader
        title={user.name || user.email}
        text={
          <span className="flex flex-wrap items-center gap-2">
            {user.email}
            <RoleBadge role={user.role} />
            <StatusBadge status={user.status} />
          </span>
        }
      >
        {may('users.write') && <Actions user={user} actions={actions} />}
      </PageHeader>
      <div className="grid items-start gap-4 xl:grid-cols-[2fr_1fr]">
        <div className="flex min-w-0 flex-col gap-4">
          <UserForm user={user} change={actions.change} />
          <LimitsPanel holder={{ kind: 'user', id: user.id }} />
        </div>
        <UserAside user={user} accessKeys={owned} />
      </div>
      {actions.sent && <SentLinkDialog sent={actions.sent} email={user.email} onClose={actions.closeSent} />}
    </>
  )
}

type ActionsProps = { user: Profile; actions: ReturnType<typeof useUserActions> }

function Actions({ user, actions }: ActionsProps) {
  const { t } = useTranslation('people')
  const isInvited = user.status === 'invited'
  return (
    <>
      {user.status !== 'disabled' && (
        <Button onClick={() => void actions.sendLink()}>
          {isInvited ? <Mail /> : <KeyRound />}
          {isInvited ? t('link.again') : t('link.password')}
        </Button>
      )}
      <Menu
        trigger={
          <Button size="icon" aria-label={t('more')}>
            <EllipsisVertical />
          </Button>
        }
      >
        <MenuItem onSelect={() => void actions.endSessions()}>
          <LogOut />
          {t('sessions.menu')}
        </MenuItem>
        <MenuItem disabled={!user.second_factor} onSelect={() => void actions.resetSecondFactor()}>
          <ShieldOff />
          {t('totp.menu')}
        </MenuItem>
        <MenuSeparator />
        {user.status === 'disabled' ? (
          <MenuItem onSelect={() => void actions.enable()}>
            <UserCheck />
            {t('enable.menu')}
          </MenuItem>
        ) : (
          <MenuItem onSelect={() => void actions.disable()}>
            <UserX />
            {t('disable.menu')}
          </MenuItem>
        )}
        <MenuItem danger onSelect={() => void actions.remove()}>
          <Trash2 />
          {t('remove.menu')}
        </MenuItem>
      </Menu>
    </>
  )
}
