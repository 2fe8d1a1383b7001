import { createFileRoute } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { Button } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/surface'
import { GroupDialog } from '@/features/people/group-dialog'
import { GroupList } from '@/features/people/group-list'
import { useMay } from '@/lib/session'

export const Route = createFileRoute('/_app/groups/')({
  validateSearch: z.object({ dialog: z.optional(z.literal('new')) }),
  component: function Groups() {
    const { t } = useTranslation('people')
    const { dialog } = Route.useSearch()
    const navigate = Route.useNavigate()
    const may = useMay()
    const add = may('users.write') && (
      <Button variant="primary" onClick={() => void navigate({ search: { dialog: 'new' } })}>
        <Plus />
        {t('newGroup')}
      </Button>
    )
    return (
      <>
        <PageHeader title={t('groups')} text={t('groupsText')}>
          {add}
        </PageHeader>
        <GroupList add={add} />
        {dialog === 'new' && (
          <GroupDialog
            onClose={() => void navigate({ search: {}, replace: true })}
            onDone={({ id }) => void navigate({ to: '/groups/$id', params: { id } })}
          />
        )}
      </>
    )
  },
})
