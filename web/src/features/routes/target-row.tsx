import { useSortable } from '@dnd-kit/sortable'
import { GripVertical, Trash2 } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/field'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/format'
import type { Target } from './draft'
import type { ShownTarget } from './queries'
import { StandingBadge } from './standing'

type Props = {
  target: Target
  /** Its part of the tier, where that can be said beforehand. */
  share: number | undefined
  colour: string
  /** How it stands in the route that is in force, where it is in it. */
  shown: ShownTarget | undefined
  readOnly: boolean
  onStep: (by: -1 | 1) => void
  onWeight: (weight: number) => void
  onRemove: () => void
}

export const handleOf = (id: string) => `handle-${id}`

/** Up and down as steps, from a handle's keys. */
export function stepKeys(step: (by: -1 | 1) => void) {
  return (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    event.preventDefault()
    step(event.key === 'ArrowUp' ? -1 : 1)
  }
}

export function TargetRow({ target, share, colour, shown, readOnly, onStep, onWeight, onRemove }: Props) {
  const { t } = useTranslation('routes')
  const format = useFormat()
  const { setNodeRef, setActivatorNodeRef, attributes, listeners, transform, transition, isDragging } =
    useSortable({ id: target.id, data: { type: 'target' }, disabled: readOnly })
  const name = `${target.provider}/${target.model}`
  return (
    <li
      ref={setNodeRef}
      style={{
        transition,
        transform: transform ? `translate3d(${transform.x}px, ${transform.y}px, 0)` : undefined,
      }}
      className={cn(
        'bg-surface border-line flex flex-wrap items-center gap-x-2 gap-y-1.5 rounded-md border px-2 py-1.5',
        isDragging && 'opacity-40',
      )}
    >
      {!readOnly && (
        <button
          ref={setActivatorNodeRef}
          {...attributes}
          {...listeners}
          id={handleOf(target.id)}
          type="button"
          aria-label={t('moveTarget', { name })}
          className="text-ink-faint hover:bg-sunken flex h-8 w-6 shrink-0 cursor-grab touch-none items-center justify-center rounded"
          onKeyDown={stepKeys(onStep)}
        >
          <GripVertical className="size-4" aria-hidden />
        </button>
      )}
      <div className="min-w-0 flex-1 basis-40">
        <div className="truncate font-medium" title={target.model}>
          {target.model}
        </div>
        <div className="text-ink-faint flex flex-wrap items-center gap-x-2 text-xs">
          {target.provider} {shown && <StandingBadge target={shown} />}
        </div>
      </div>
      <div className="ml-auto flex items-center gap-2">
        <span className="w-14 text-right tabular-nums">
          {target.weight === 0 ? (
            <span className="text-ink-faint">{t('off')}</span>
          ) : share === undefined ? (
            ''
          ) : (
            <span className="inline-flex items-center gap-1.5 font-medium">
              <span className="size-2 rounded-full" style={{ background: colour }} aria-hidden />
              {format.percent(share)}
            </span>
          )}
        </span>
        <span className="text-ink-faint hidden text-xs sm:inline" aria-hidden>
          {t('weight')}
        </span>
        <Input
          type="number"
          min={0}
          max={1_000_000}
          aria-label={t('weightOf', { name })}
          value={target.weight}
          disabled={readOnly}
          className="h-8 w-18 px-2 text-right"
          onChange={(event) => onWeight(Math.max(0, Math.trunc(event.target.valueAsNumber || 0)))}
        />
        {!readOnly && (
          <Button variant="ghost" size="icon-sm" aria-label={t('removeTarget', { name })} onClick={onRemove}>
            <Trash2 />
          </Button>
        )}
      </div>
    </li>
  )
}
