import type { ReactNode } from 'react'
import { Languages } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Brand } from '@/components/shell/navigation'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/surface'
import { currentLanguage, languages, setLanguage } from '@/i18n'

/** The frame of the pages before the login. */
export function AuthPage({
  title,
  text,
  children,
}: {
  title: string
  text?: ReactNode
  children: ReactNode
}) {
  const { t } = useTranslation()
  const other = currentLanguage() === 'en' ? 'zh' : 'en'
  return (
    <div className="flex min-h-dvh flex-col items-center p-4 sm:justify-center">
      <div className="mb-6 flex w-full max-w-sm items-center justify-between pt-6">
        <Brand />
        <Button variant="ghost" size="sm" aria-label={t('language')} onClick={() => void setLanguage(other)}>
          <Languages /> {languages[other]}
        </Button>
      </div>
      <Card className="w-full max-w-sm p-6">
        <main>
          <h1 className="text-lg font-semibold">{title}</h1>
          {text && <p className="text-ink-soft mt-1">{text}</p>}
          <div className="mt-5">{children}</div>
        </main>
      </Card>
    </div>
  )
}
