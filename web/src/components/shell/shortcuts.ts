import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { usePlaces } from './navigation'

type Handlers = { openPalette: () => void; openHelp: () => void }

/** Whether a key belongs to what is being written. */
function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  )
}

/** Listens for Ctrl/Cmd+K, `?` and the two-key ways to pages (`g d`). */
export function useShortcuts({ openPalette, openHelp }: Handlers) {
  const navigate = useNavigate()
  const places = usePlaces().flatMap((section) => section.places)
  const first = useRef<{ key: string; at: number }>(undefined)
  // Keys belong to the window, which React does not own.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        openPalette()
        return
      }
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        isWriting(event.target) ||
        document.querySelector('[role=dialog],[role=alertdialog]')
      )
        return
      if (event.key === '?') return openHelp()
      if (event.key === '/') {
        event.preventDefault()
        return openPalette()
      }
      const before = first.current
      first.current = { key: event.key, at: event.timeStamp }
      if (!before || event.timeStamp - before.at > 1200) return
      const place = places.find(({ keys }) => keys === `${before.key} ${event.key}`)
      if (place) void navigate({ to: place.to })
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [navigate, openHelp, openPalette, places])
}
