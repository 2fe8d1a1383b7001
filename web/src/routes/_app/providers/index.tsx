import { createFileRoute, useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { Button } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/surface'
import { AddProvider } from '@/features/providers/add-provider'
import { ProviderList } from '@/features/providers/provider-list'
import { states } from '@/features/providers/states'
import { useMay } from '@/lib/session'

export const Route = createFileRoute('/_app/providers/')({
  validateSearch: z.object({
    q: z.optional(z.coerce.string()),
    state: z.catch(z.optional(z.enum(states)), undefined),
    add: z.optional(z.boolean()),
    preset: z.optional(z.string()),
  }),
  component: function Providers() {
    const { t } = useTranslation('providers')
    const { q, state, add, preset } = Route.useSearch()
    const navigate = useNavigate({ from: Route.fullPath })
    const mayDo = useMay()
    const open = (add: true | undefined, preset?: string) =>
      void navigate({ search: (before) => ({ ...before, add, preset }) })
    return (
      <>
        <PageHeader title={t('title')} text={t('intro')}>
          {mayDo('providers.write') && (
            <Button variant="primary" onClick={() => open(true)}>
              <Plus /> {t('addTitle')}
            </Button>
          )}
        </PageHeader>
        <ProviderList
          q={q ?? ''}
          state={state}
          onFilter={(filter) => void navigate({ search: { ...filter }, replace: true })}
          onAdd={() => open(true)}
        />
        {add && (
          <AddProvider
            preset={preset}
            onPreset={(chosen) => open(true, chosen)}
            onClose={() => open(undefined)}
          />
        )}
      </>
    )
  },
})
