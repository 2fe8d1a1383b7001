import { Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/field'
import { cn } from '@/lib/cn'

type Props = { label: string; value: string; onChange: (text: string) => void; className?: string }

/** A search box that tells what was written after a short rest. Give it a `key` where others may set its value. */
export function SearchInput({ label, value, onChange, className }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState(value)
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined)
  // A timer that outlives the page would change the address of another one.
  useEffect(() => () => clearTimeout(waiting.current), [])
  const set = (next: string, wait: number) => {
    setText(next)
    clearTimeout(waiting.current)
    waiting.current = setTimeout(() => onChange(next.trim()), wait)
  }
  return (
    <div className={cn('relative', className)}>
      <Search className="text-ink-faint pointer-events-none absolute top-2.5 left-2.5 size-4" aria-hidden />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        className="pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden"
        onChange={(event) => set(event.target.value, 250)}
        onKeyDown={(event) => event.key === 'Escape' && text && set('', 0)}
      />
      {text && (
        <Button
          variant="ghost"
          size="icon-sm"
          className="absolute top-1 right-1"
          aria-label={t('reset')}
          onClick={() => set('', 0)}
        >
          <X />
        </Button>
      )}
    </div>
  )
}
