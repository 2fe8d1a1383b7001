import { createFileRoute } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { Tabs } from '@/components/ui/menu'
import { PageHeader } from '@/components/ui/surface'
import { formats } from '@/features/transfer/data'
import { ExportPanel } from '@/features/transfer/export-panel'
import { ImportWizard } from '@/features/transfer/import-wizard'
import { PushPanel } from '@/features/transfer/push-panel'
import { useMay } from '@/lib/session'

const tabs = z.enum(['import', 'export', 'push'])

export const Route = createFileRoute('/_app/transfer')({
  validateSearch: z.object({ tab: z.optional(tabs), format: z.optional(formats) }),
  component: function Transfer() {
    const { t } = useTranslation('transfer')
    const { tab, format } = Route.useSearch()
    const navigate = Route.useNavigate()
    const mayWrite = useMay()('revisions.write')
    const views = [
      {
        value: 'import',
        label: t('import'),
        content: (
          <ImportWizard
            format={format ?? 'gpt-load'}
            onFormat={(format) => void navigate({ search: { tab: 'import', format }, replace: true })}
          />
        ),
      },
      { value: 'export', label: t('export.tab'), content: <ExportPanel /> },
      { value: 'push', label: t('push.tab'), content: <PushPanel /> },
    ]
    const shown = mayWrite ? views : views.filter(({ value }) => value === 'export')
    return (
      <>
        <PageHeader title={t('title')} text={t('text')} />
        <Tabs
          tabs={shown}
          value={mayWrite ? (tab ?? 'import') : 'export'}
          onValueChange={(value) => void navigate({ search: { tab: tabs.parse(value) } })}
        />
      </>
    )
  },
})
