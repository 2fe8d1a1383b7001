import { createFileRoute } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { AccountForm } from '@/features/auth/account-form'
import { AuthPage } from '@/features/auth/auth-page'
import { useEnter } from '@/features/auth/use-enter'
import { api } from '@/lib/api'

export const Route = createFileRoute('/register')({
  component: function Register() {
    const { t } = useTranslation('auth')
    const enter = useEnter()
    return (
      <AuthPage title={t('registerTitle')}>
        <AccountForm
          action={t('register')}
          submit={(account) => api.POST('/api/v1/auth/register', { body: account })}
          onDone={() => enter('/')}
        />
      </AuthPage>
    )
  },
})
