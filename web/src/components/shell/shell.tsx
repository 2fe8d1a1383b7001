import { Outlet } from '@tanstack/react-router'
import { Menu as MenuIcon, Search } from 'lucide-react'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Overlay } from '@/components/ui/overlay'
import { LoadingRows } from '@/components/ui/states'
import { AccountMenu } from './account-menu'
import { Brand, Navigation } from './navigation'
import { Palette } from './palette'
import { ShortcutSheet } from './shortcut-sheet'
import { useShortcuts } from './shortcuts'

/** What is around every page: the menu, the palette, one's own account. */
export function Shell() {
  const { t } = useTranslation()
  const [menu, setMenu] = useState(false)
  const [palette, setPalette] = useState(false)
  const [help, setHelp] = useState(false)
  useShortcuts({ openPalette: () => setPalette(true), openHelp: () => setHelp(true) })
  return (
    <div className="flex min-h-dvh">
      <a
        href="#main"
        className="bg-brand text-brand-ink sr-only z-50 rounded-md px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('skip')}
      </a>
      <aside className="border-line bg-surface sticky top-0 hidden h-dvh w-58 shrink-0 flex-col border-r lg:flex">
        <div className="flex h-14 items-center px-4">
          <Brand />
        </div>
        <Navigation />
      </aside>
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="border-line bg-surface/90 sticky top-0 z-20 flex h-14 items-center gap-2 border-b px-3 backdrop-blur sm:px-5">
          <Button
            variant="ghost"
            size="icon"
            className="lg:hidden"
            aria-label={t('menu')}
            onClick={() => setMenu(true)}
          >
            <MenuIcon />
          </Button>
          <Button
            className="text-ink-faint w-full max-w-72 min-w-0 shrink justify-start font-normal"
            onClick={() => setPalette(true)}
            aria-keyshortcuts="Control+K Meta+K"
          >
            <Search />
            <span className="flex-1 truncate text-left">{t('palette.open')}</span>
            <kbd className="border-line hidden rounded border px-1 text-[11px] sm:inline">Ctrl K</kbd>
          </Button>
          <div className="flex-1" />
          <AccountMenu onHelp={() => setHelp(true)} />
        </header>
        <main id="main" tabIndex={-1} className="mx-auto w-full max-w-[96rem] flex-1 p-4 outline-none sm:p-6">
          <Suspense fallback={<LoadingRows />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Overlay open={menu} onOpenChange={setMenu} title={<Brand />} shape="sheet" size="sm">
        <div className="-mx-3">
          <Navigation onGo={() => setMenu(false)} />
        </div>
      </Overlay>
      <Palette open={palette} onOpenChange={setPalette} />
      <ShortcutSheet open={help} onOpenChange={setHelp} />
    </div>
  )
}
