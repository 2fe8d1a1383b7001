import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Snippets } from '@/components/snippets'
import { Button } from '@/components/ui/button'
import { Overlay } from '@/components/ui/overlay'
import { Code, Notice } from '@/components/ui/surface'
import type { Schema } from '@/lib/api'
import { usableModelsQuery } from '@/lib/usable-models'

type Props = { accessKey: Schema<'FreshAccessKey'>; open: boolean; onOpenChange: (open: boolean) => void }

/** A credential that is shown this once, and how clients are given it. */
export function FreshKey({ accessKey, open, onOpenChange }: Props) {
  const { t } = useTranslation('access-keys')
  const models = useQuery(usableModelsQuery)
  const named = accessKey.models.find((rule) => rule !== 'all' && !rule.includes('/'))
  return (
    <Overlay
      open={open}
      onOpenChange={onOpenChange}
      title={t('freshTitle', { name: accessKey.name })}
      size="lg"
      footer={
        <Button variant="primary" onClick={() => onOpenChange(false)}>
          {t('freshDone')}
        </Button>
      }
    >
      <Notice tone="warn" className="mb-3">
        {t('freshOnce')}
      </Notice>
      <Code text={accessKey.key} />
      <h3 className="mt-5 mb-1 font-semibold">{t('use')}</h3>
      <Snippets
        baseUrl={location.origin}
        accessKey={accessKey.key}
        model={named ?? models.data?.[0] ?? 'gpt-4o'}
      />
    </Overlay>
  )
}
