import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { Toast } from 'radix-ui'
import { type ReactNode, createContext, useContext, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { explain } from '@/lib/api'
import { Button } from './button'

type Note = { title: string; text?: string; kind: 'good' | 'bad'; undo?: () => void }

type Toasts = {
  /** Says that something was done; `undo` offers to take it back. */
  done: (title: string, options?: { text?: string; undo?: () => void }) => void
  /** Says why something failed. */
  failed: (error: unknown, title?: string) => void
}

const ToastContext = createContext<Toasts>({ done: () => {}, failed: () => {} })

export function useToast() {
  return useContext(ToastContext)
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const [notes, setNotes] = useState<(Note & { id: number })[]>([])
  const next = useRef(0)
  const toasts = useMemo<Toasts>(() => {
    const add = (note: Note) => setNotes((before) => [...before.slice(-3), { ...note, id: next.current++ }])
    return {
      done: (title, options) => add({ kind: 'good', title, ...options }),
      failed: (error, title) => add({ kind: 'bad', title: title ?? t('failed'), text: explain(error) }),
    }
  }, [t])
  return (
    <ToastContext value={toasts}>
      <Toast.Provider duration={7000} label={t('notifications')}>
        {children}
        {notes.map((note) => (
          <Toast.Root
            key={note.id}
            onOpenChange={(open) => !open && setNotes((before) => before.filter(({ id }) => id !== note.id))}
            className="bg-surface border-line flex items-start gap-3 rounded-lg border p-3.5 shadow-lg"
          >
            {note.kind === 'good' ? (
              <CircleCheck className="text-good mt-0.5 size-4 shrink-0" aria-hidden />
            ) : (
              <CircleAlert className="text-bad mt-0.5 size-4 shrink-0" aria-hidden />
            )}
            <div className="min-w-0 flex-1">
              <Toast.Title className="font-medium break-words">{note.title}</Toast.Title>
              {note.text && (
                <Toast.Description className="text-ink-soft mt-0.5 break-words">
                  {note.text}
                </Toast.Description>
              )}
            </div>
            {note.undo && (
              <Toast.Action asChild altText={t('undo')}>
                <Button size="sm" onClick={note.undo}>
                  {t('undo')}
                </Button>
              </Toast.Action>
            )}
            <Toast.Close asChild>
              <Button variant="ghost" size="icon-sm" aria-label={t('close')}>
                <X />
              </Button>
            </Toast.Close>
          </Toast.Root>
        ))}
        <Toast.Viewport className="fixed right-4 bottom-4 z-[60] flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2 outline-none" />
      </Toast.Provider>
    </ToastContext>
  )
}
