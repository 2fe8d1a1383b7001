import { createFileRoute } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { AuthPage } from '@/features/auth/auth-page'
import { ForgotForm } from '@/features/auth/forgot-form'

export const Route = createFileRoute('/forgot-password')({
  component: function ForgotPassword() {
    const { t } = useTranslation('auth')
    return (
      <AuthPage title={t('forgotTitle')} text={t('forgotText')}>
        <ForgotForm />
      </AuthPage>
    )
  },
})
