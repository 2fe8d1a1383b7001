import { X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import { Button } from './button'

type Props = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  children: ReactNode
  /** Buttons at the foot, the main one last. */
  footer?: ReactNode
  /** `modal` in the middle, `sheet` at the right edge. */
  shape?: 'modal' | 'sheet'
  size?: 'sm' | 'md' | 'lg'
}

const widths = { sm: 'sm:max-w-md', md: 'sm:max-w-xl', lg: 'sm:max-w-3xl' }

/** A dialog over the page. On phones both shapes take the whole width. */
export function Overlay({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  shape = 'modal',
  size = 'md',
}: Props) {
  const { t } = useTranslation()
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/45" />
        <Dialog.Content
          aria-describedby={description ? undefined : ''}
          className={cn(
            'bg-surface fixed z-50 flex w-full flex-col shadow-xl outline-none',
            shape === 'modal'
              ? 'inset-x-0 bottom-0 max-h-[92dvh] rounded-t-xl sm:inset-auto sm:top-1/2 sm:left-1/2 sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-xl'
              : 'border-line inset-y-0 right-0 border-l',
            widths[size],
          )}
        >
          <header className="border-line flex items-start gap-3 border-b px-5 py-4">
            <div className="min-w-0 flex-1">
              <Dialog.Title className="text-base font-semibold">{title}</Dialog.Title>
              {description && (
                <Dialog.Description className="text-ink-soft mt-1">{description}</Dialog.Description>
              )}
            </div>
            <Dialog.Close asChild>
              <Button variant="ghost" size="icon-sm" aria-label={t('close')}>
                <X />
              </Button>
            </Dialog.Close>
          </header>
          {/* It scrolls by keyboard, too, when nothing in it takes the focus. */}
          <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto px-5 py-4">
            {children}
          </div>
          {footer && (
            <footer className="border-line flex flex-wrap justify-end gap-2 border-t px-5 py-3">
              {footer}
            </footer>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
