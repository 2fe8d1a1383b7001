import { useTranslation } from 'react-i18next'
import { Overlay } from '@/components/ui/overlay'
import { usePlaces } from './navigation'

/** Which keys do what. */
export function ShortcutSheet({
  open,
  onOpenChange,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const { t } = useTranslation()
  const places = usePlaces().flatMap((section) => section.places)
  const rows: [string, string][] = [
    ['Ctrl K', t('palette.open')],
    ['/', t('palette.open')],
    ['?', t('shortcuts.title')],
    ['Esc', t('close')],
    ...places.flatMap(({ name, keys }): [string, string][] => (keys ? [[keys, t(`nav.${name}`)]] : [])),
  ]
  return (
    <Overlay open={open} onOpenChange={onOpenChange} title={t('shortcuts.title')} size="sm">
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-2">
        {rows.map(([keys, meaning]) => (
          <div key={keys} className="contents">
            <dt className="flex gap-1">
              {keys.split(' ').map((key) => (
                <kbd
                  key={key}
                  className="border-line-strong bg-sunken min-w-6 rounded border px-1.5 py-0.5 text-center font-mono text-xs"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Overlay>
  )
}
