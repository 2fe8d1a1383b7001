import { useTranslation } from 'react-i18next'
import { CopyButton } from '@/components/ui/surface'
import { type Schema, api, body } from '@/lib/api'
import { CodeForm } from './code-form'
import { QrCode } from './qr-code'

type Props = {
  enrolment: Schema<'Enrolment'>
  onConfirmed: (codes: Schema<'RecoveryCodes'>) => Promise<void>
  onCancel: () => void
}

/** What to enter into an app for one-time codes, and a first code of it. */
export function Enrolment({ enrolment, onConfirmed, onCancel }: Props) {
  const { t } = useTranslation('account')
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-col gap-5 sm:flex-row">
        <QrCode text={enrolment.url} label={t('qrLabel')} />
        <div className="flex min-w-0 flex-col gap-4">
          <p className="text-ink-soft">{t('scan')}</p>
          <div>
            <p className="mb-1.5 font-medium">{t('byHand')}</p>
            <div className="border-line bg-sunken flex items-center gap-2 rounded-md border py-1 pr-1 pl-3">
              <code className="min-w-0 flex-1 font-mono text-xs break-all">
                {enrolment.secret.replace(/(.{4})(?=.)/g, '$1 ')}
              </code>
              <CopyButton text={enrolment.secret} label={t('copySecret')} />
            </div>
          </div>
          <div className="self-start">
            <CopyButton text={enrolment.url} label={t('copyAddress')} size="sm" />
          </div>
        </div>
      </div>
      <CodeForm
        action={t('confirmFactor')}
        submit={(code) => body(api.POST('/api/v1/auth/me/totp/confirm', { body: { code } }))}
        onDone={onConfirmed}
        onCancel={onCancel}
      />
    </div>
  )
}
