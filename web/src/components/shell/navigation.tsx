import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/lib/session'
import { type Place, sections } from './nav'

export function Brand() {
  return (
    <span className="flex items-center gap-2.5 font-semibold tracking-tight">
      <img src="/icon.svg" alt="" className="size-6" />
      Roundhouse
    </span>
  )
}

/** The pages that the person may see, by section. */
export function usePlaces() {
  const mayDo = useMay()
  const open = (place: Place) => !place.needs || place.needs.some(mayDo)
  return sections
    .map((section) => ({ ...section, places: section.places.filter(open) }))
    .filter((section) => section.places.length > 0)
}

export function Navigation({ onGo }: { onGo?: () => void }) {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('nav.label')} className="flex-1 overflow-y-auto px-3 pb-4">
      {usePlaces().map((section) => (
        <div key={section.name} className="mt-3 first:mt-1">
          <div className="text-ink-faint px-2.5 py-1 text-xs font-medium">{t(`nav.${section.name}`)}</div>
          <ul>
            {section.places.map(({ name, to, icon: Icon }) => (
              <li key={name}>
                <Link
                  to={to}
                  onClick={onGo}
                  activeOptions={{ exact: to === '/' }}
                  className="text-ink-soft hover:bg-sunken hover:text-ink flex h-8.5 items-center gap-2.5 rounded-md px-2.5"
                  activeProps={{
                    className: 'bg-brand-soft text-brand hover:bg-brand-soft hover:text-brand font-medium',
                  }}
                >
                  <Icon className="size-4 shrink-0" aria-hidden />
                  <span className="truncate">{t(`nav.${name}`)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}
