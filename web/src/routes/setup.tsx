import { createFileRoute } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import * as z from 'zod/mini'
import { Notice } from '@/components/ui/surface'
import { AccountForm } from '@/features/auth/account-form'
import { AuthPage } from '@/features/auth/auth-page'
import { useEnter } from '@/features/auth/use-enter'
import { api } from '@/lib/api'

export const Route = createFileRoute('/setup')({
  validateSearch: z.object({ token: z.optional(z.string()) }),
  component: function Setup() {
    const { t } = useTranslation('auth')
    const { token } = Route.useSearch()
    const enter = useEnter()
    return (
      <AuthPage title={t('setupTitle')} text={t('setupText')}>
        {token ? (
          <AccountForm
            action={t('setupAction')}
            submit={(account) => api.POST('/api/v1/auth/setup', { body: { token, ...account } })}
            onDone={() => enter('/welcome')}
          />
        ) : (
          <Notice>{t('setupNoToken')}</Notice>
        )}
      </AuthPage>
    )
  },
})
