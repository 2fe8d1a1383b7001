import { createFileRoute, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Notice } from '@/components/ui/surface'
import { AuthPage } from '@/features/auth/auth-page'
import { LinkForm } from '@/features/auth/link-form'

export const Route = createFileRoute('/invitation')({
  component: function Invitation() {
    const { t } = useTranslation('auth')
    // Behind the #, so that no server or proxy log ever holds it.
    const token = new URLSearchParams(useLocation().hash).get('token')
    return (
      <AuthPage title={t('linkTitle')}>
        {token ? <LinkForm token={token} /> : <Notice>{t('linkNoToken')}</Notice>}
      </AuthPage>
    )
  },
})
