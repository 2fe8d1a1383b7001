import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Overlay } from '@/components/ui/overlay'
import { Code, Notice } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import type { Sent } from './data'

/** What became of a link: it was sent, or it is to be passed on. */
export function SentLink({ sent, email }: { sent: Sent; email: string }) {
  const { t } = useTranslation('people')
  const format = useFormat()
  const until = format.dateTime(sent.expires_at)
  if (!sent.link) return <Notice tone="good">{t('link.sent', { email, until })}</Notice>
  return (
    <div className="flex flex-col gap-3">
      <Notice tone="warn">{t('link.passOn', { email, until })}</Notice>
      <Code text={sent.link} />
    </div>
  )
}

/** The same in a dialog of its own. */
export function SentLinkDialog({ sent, email, onClose }: { sent: Sent; email: string; onClose: () => void }) {
  const { t } = useTranslation('people')
  return (
    <Overlay
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('link.title')}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t('done')}
        </Button>
      }
    >
      <SentLink sent={sent} email={email} />
    </Overlay>
  )
}
