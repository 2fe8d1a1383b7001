import { createFileRoute } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { AuthPage } from '@/features/auth/auth-page'
import { LoginForm } from '@/features/auth/login-form'

export const Route = createFileRoute('/login')({
  validateSearch: z.object({ to: z.optional(z.string()) }),
  component: function Login() {
    const { t } = useTranslation('auth')
    const { to } = Route.useSearch()
    return (
      <AuthPage title={t('loginTitle')}>
        <LoginForm to={to} />
      </AuthPage>
    )
  },
})
