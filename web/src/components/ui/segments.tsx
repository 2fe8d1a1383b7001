import { cn } from '@/lib/cn'

type Segment = { value: string; label: string; title?: string }

/** One of a few choices, side by side. */
export function Segments({
  items,
  value,
  onChange,
  label,
}: {
  items: Segment[]
  value: string | undefined
  onChange: (value: string) => void
  label?: string
}) {
  return (
    <div
      role="group"
      aria-label={label}
      className="bg-sunken inline-flex max-w-full overflow-x-auto rounded-md p-0.5"
    >
      {items.map((item) => (
        <button
          key={item.value}
          type="button"
          aria-pressed={item.value === value}
          title={item.title}
          onClick={() => onChange(item.value)}
          className={cn(
            'text-ink-soft hover:text-ink h-8 rounded px-2.5 font-medium whitespace-nowrap',
            item.value === value && 'bg-surface text-ink shadow-sm',
          )}
        >
          {item.label}
        </button>
      ))}
    </div>
  )
}
