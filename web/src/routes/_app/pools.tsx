import { useQuery } from '@tanstack/react-query'
import { createFileRoute, useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { Button } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/surface'
import { PoolForm } from '@/features/pools/pool-form'
import { PoolList } from '@/features/pools/pool-list'
import { poolsQuery } from '@/features/pools/queries'
import { useMay } from '@/lib/session'

export const Route = createFileRoute('/_app/pools')({
  validateSearch: z.object({ add: z.optional(z.boolean()), edit: z.optional(z.string()) }),
  component: function Pools() {
    const { t } = useTranslation('pools')
    const { add, edit } = Route.useSearch()
    const navigate = useNavigate({ from: Route.fullPath })
    const writes = useMay()('providers.write')
    const edited = useQuery(poolsQuery).data?.items.find(({ name }) => name === edit)
    const open = (search: { add?: true; edit?: string }) => void navigate({ search })
    return (
      <>
        <PageHeader title={t('title')} text={t('intro')}>
          {writes && (
            <Button variant="primary" onClick={() => open({ add: true })}>
              <Plus /> {t('add')}
            </Button>
          )}
        </PageHeader>
        <PoolList onAdd={() => open({ add: true })} onEdit={(name) => open({ edit: name })} />
        {(add || edited) && (
          <PoolForm
            key={edited?.name}
            pool={edited}
            locked={!writes || edited?.editable === false}
            onClose={() => open({})}
          />
        )}
      </>
    )
  },
})
