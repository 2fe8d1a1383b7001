import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Overlay } from '@/components/ui/overlay'
import { Code, CopyButton, Notice } from '@/components/ui/surface'
import type { FreshToken } from './queries'

/** Shows a token's secret, this once. */
export function FreshTokenDialog({ token, onClose }: { token: FreshToken | undefined; onClose: () => void }) {
  const { t } = useTranslation('tokens')
  return (
    <Overlay
      open={token !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={t('madeTitle', { name: token?.name ?? '' })}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t('kept')}
        </Button>
      }
    >
      {token && (
        <div className="flex flex-col gap-4">
          <Notice tone="warn">{t('once')}</Notice>
          <div className="border-line-strong bg-sunken flex flex-wrap items-center gap-2 rounded-md border p-3">
            <code className="min-w-0 flex-1 font-mono break-all">{token.token}</code>
            <CopyButton text={token.token} size="md" />
          </div>
          <div>
            <p className="mb-1.5 font-medium">{t('tryIt')}</p>
            <Code
              text={`curl -H 'Authorization: Bearer ${token.token}' \\\n  ${location.origin}/api/v1/auth/me`}
            />
          </div>
        </div>
      )}
    </Overlay>
  )
}
