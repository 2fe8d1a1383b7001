import { createFileRoute } from '@tanstack/react-router'
import { UserPlus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { Button } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/surface'
import { userFilters } from '@/features/people/data'
import { InviteDialog } from '@/features/people/invite-dialog'
import { UserList } from '@/features/people/user-list'
import { useMay } from '@/lib/session'

export const Route = createFileRoute('/_app/users/')({
  validateSearch: z.extend(userFilters, { dialog: z.optional(z.literal('invite')) }),
  component: function Users() {
    const { t } = useTranslation('people')
    const { dialog, ...filters } = Route.useSearch()
    const navigate = Route.useNavigate()
    const may = useMay()
    return (
      <>
        <PageHeader title={t('users')} text={t('usersText')}>
          {may('users.write') && (
            <Button
              variant="primary"
              onClick={() => void navigate({ search: { ...filters, dialog: 'invite' } })}
            >
              <UserPlus />
              {t('invite.title')}
            </Button>
          )}
        </PageHeader>
        <UserList
          filters={filters}
          onFilter={(filters) => void navigate({ search: filters, replace: true })}
        />
        {dialog === 'invite' && (
          <InviteDialog onClose={() => void navigate({ search: filters, replace: true })} />
        )}
      </>
    )
  },
})
