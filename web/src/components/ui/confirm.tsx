import { AlertDialog } from 'radix-ui'
import { type ReactNode, createContext, useContext, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button'
import { Input } from './field'

type Question = {
  title: string
  /** Names what is destroyed, and what cannot be undone. */
  text: ReactNode
  /** What the button says: the act itself, not "OK". */
  action: string
  danger?: boolean
  /** What has to be typed before the button works, for what cannot be brought back. */
  typed?: string
}

const ConfirmContext = createContext<(question: Question) => Promise<boolean>>(async () => false)

/** Asks before something is destroyed: `if (await confirm({ … })) …`. */
export function useConfirm() {
  return useContext(ConfirmContext)
}

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<{ question: Question; answer: (yes: boolean) => void }>()
  const [typed, setTyped] = useState('')
  const confirm = (question: Question) =>
    new Promise<boolean>((answer) => {
      setTyped('')
      setAsked({ question, answer })
    })
  const close = (yes: boolean) => {
    asked?.answer(yes)
    setAsked(undefined)
  }
  const question = asked?.question
  return (
    <ConfirmContext value={confirm}>
      {children}
      <AlertDialog.Root open={question !== undefined} onOpenChange={(open) => !open && close(false)}>
        <AlertDialog.Portal>
          <AlertDialog.Overlay className="fixed inset-0 z-50 bg-black/45" />
          <AlertDialog.Content className="bg-surface fixed inset-x-4 top-1/2 z-50 mx-auto max-w-md -translate-y-1/2 rounded-xl p-5 shadow-xl">
            <AlertDialog.Title className="text-base font-semibold">{question?.title}</AlertDialog.Title>
            <AlertDialog.Description asChild>
              <div className="text-ink-soft mt-2 break-words">{question?.text}</div>
            </AlertDialog.Description>
            {question?.typed && (
              <label className="mt-3 block">
                <span className="text-ink-soft mb-1.5 block">
                  {t('confirm.type', { name: question.typed })}
                </span>
                <Input value={typed} onChange={(event) => setTyped(event.target.value)} />
              </label>
            )}
            <div className="mt-5 flex justify-end gap-2">
              <AlertDialog.Cancel asChild>
                <Button>{t('cancel')}</Button>
              </AlertDialog.Cancel>
              <Button
                variant={question?.danger === false ? 'primary' : 'danger'}
                disabled={question?.typed !== undefined && typed !== question.typed}
                onClick={() => close(true)}
              >
                {question?.action}
              </Button>
            </div>
          </AlertDialog.Content>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </ConfirmContext>
  )
}
