import { useSyncExternalStore } from 'react'

/** A choice that is kept in the browser and shared by all parts of the page. */
function preference<T extends string>(name: string, read: (text: string | null) => T) {
  const key = `roundhouse.${name}`
  const listeners = new Set<() => void>()
  const get = () => read(localStorage.getItem(key))
  const set = (value: T) => {
    localStorage.setItem(key, value)
    for (const listener of listeners) listener()
  }
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const use = (): [T, (value: T) => void] => [useSyncExternalStore(subscribe, get), set]
  return { get, set, use }
}

export type Theme = 'system' | 'light' | 'dark'

const theme = preference<Theme>('theme', (text) => (text === 'light' || text === 'dark' ? text : 'system'))
const timeZone = preference('time-zone', (text) => text ?? '')

/** Light, dark, or what the system says; public/theme.js applies it before the first paint. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [chosen, set] = theme.use()
  return [
    chosen,
    (next) => {
      set(next)
      applyTheme()
    },
  ]
}

export function applyTheme() {
  const chosen = theme.get()
  const dark =
    chosen === 'dark' || (chosen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
}

/** The time zone that times are shown in; undefined is the browser's. */
export function useTimeZone(): [string | undefined, (zone: string | undefined) => void] {
  const [zone, set] = timeZone.use()
  return [zone || undefined, (next) => set(next ?? '')]
}
