import { createFileRoute } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { PageHeader } from '@/components/ui/surface'
import { SettingsView } from '@/features/settings/settings-view'

export const Route = createFileRoute('/_app/settings')({
  validateSearch: z.object({ q: z.optional(z.string()), section: z.optional(z.string()) }),
  component: function SettingsPage() {
    const { t } = useTranslation('settings')
    const { q, section } = Route.useSearch()
    const navigate = Route.useNavigate()
    return (
      <>
        <PageHeader title={t('title')} text={t('text')} />
        <SettingsView q={q} section={section} onGo={(search) => void navigate({ search, replace: true })} />
      </>
    )
  },
})
