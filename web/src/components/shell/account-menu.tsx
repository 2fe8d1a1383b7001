import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { BookOpen, Check, CircleUser, Keyboard, Languages, LogOut, Monitor, Moon, Sun } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '@/components/ui/menu'
import { type Language, currentLanguage, languages, setLanguage } from '@/i18n'
import { api } from '@/lib/api'
import { type Theme, useTheme } from '@/lib/preferences'
import { useMe } from '@/lib/session'

const themes: [Theme, typeof Sun][] = [
  ['system', Monitor],
  ['light', Sun],
  ['dark', Moon],
]
const offered: Language[] = ['en', 'zh']

/** One's own account, language and theme. */
export function AccountMenu({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation()
  const me = useMe()
  const [theme, setTheme] = useTheme()
  const client = useQueryClient()
  const navigate = useNavigate()
  const logOut = async () => {
    await api.POST('/api/v1/auth/logout').catch(() => undefined)
    client.clear()
    await navigate({ to: '/login' })
  }
  return (
    <>
      <Menu
        trigger={
          <Button variant="ghost" size="icon" aria-label={t('language')}>
            <Languages />
          </Button>
        }
      >
        {offered.map((language) => (
          <MenuItem key={language} onSelect={() => void setLanguage(language)}>
            <span className="flex-1">{languages[language]}</span>
            {currentLanguage() === language && <Check />}
          </MenuItem>
        ))}
      </Menu>
      <Menu
        trigger={
          <Button variant="ghost" size="icon" aria-label={t('account')}>
            <CircleUser />
          </Button>
        }
      >
        <MenuLabel>{me?.email}</MenuLabel>
        <MenuItem asChild>
          <Link to="/account">
            <CircleUser /> {t('nav.account')}
          </Link>
        </MenuItem>
        <MenuItem onSelect={onHelp}>
          <Keyboard /> {t('shortcuts.title')}
        </MenuItem>
        <MenuItem asChild>
          <a href="/docs" target="_blank" rel="noreferrer">
            <BookOpen /> {t('apiDocs')}
          </a>
        </MenuItem>
        <MenuSeparator />
        <MenuLabel>{t('theme.title')}</MenuLabel>
        {themes.map(([name, Icon]) => (
          <MenuItem key={name} onSelect={() => setTheme(name)}>
            <Icon />
            <span className="flex-1">{t(`theme.${name}`)}</span>
            {theme === name && <Check />}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem onSelect={() => void logOut()}>
          <LogOut /> {t('logOut')}
        </MenuItem>
      </Menu>
    </>
  )
}
