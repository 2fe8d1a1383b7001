import { SortableContext, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { GripVertical, Plus, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { cn } from '@/lib/cn'
import { type Tier, shareOf } from './draft'
import { ShareBar } from './share-bar'
import { handleOf, stepKeys } from './target-row'

type Props = {
  tier: Tier
  index: number
  strategy: string
  readOnly: boolean
  onStep: (by: -1 | 1) => void
  onAdd: () => void
  onRemove: () => void
  children: ReactNode
}

/** A tier: its targets share the requests while one of them can be asked. */
export function TierCard({ tier, index, strategy, readOnly, onStep, onAdd, onRemove, children }: Props) {
  const { t } = useTranslation('routes')
  const { setNodeRef, setActivatorNodeRef, attributes, listeners, transform, transition, isDragging } =
    useSortable({ id: tier.id, data: { type: 'tier' }, disabled: readOnly })
  const parts = tier.targets.map((target) => ({
    key: target.id,
    share: shareOf(target, tier, strategy) ?? 0,
  }))
  return (
    <section
      ref={setNodeRef}
      aria-label={t('tier', { number: index + 1 })}
      style={{
        transition,
        transform: transform ? `translate3d(${transform.x}px, ${transform.y}px, 0)` : undefined,
      }}
      className={cn('bg-sunken/50 border-line rounded-lg border', isDragging && 'opacity-50')}
    >
      <header className="flex flex-wrap items-center gap-2 px-3 py-2">
        {!readOnly && (
          <button
            ref={setActivatorNodeRef}
            {...attributes}
            {...listeners}
            id={handleOf(tier.id)}
            type="button"
            aria-label={t('moveTier', { number: index + 1 })}
            className="text-ink-faint hover:bg-sunken -ml-1 flex h-8 w-6 cursor-grab touch-none items-center justify-center rounded"
            onKeyDown={stepKeys(onStep)}
          >
            <GripVertical className="size-4" aria-hidden />
          </button>
        )}
        <h3 className="font-semibold">{t('tier', { number: index + 1 })}</h3>
        <span className="text-ink-faint text-xs">{t(index === 0 ? 'tierFirst' : 'tierLater')}</span>
        <span className="flex-1" />
        {!readOnly && (
          <>
            <Button size="sm" variant="ghost" onClick={onAdd}>
              <Plus /> {t('addTarget')}
            </Button>
            <Button
              size="icon-sm"
              variant="ghost"
              aria-label={t('removeTier', { number: index + 1 })}
              onClick={onRemove}
            >
              <Trash2 />
            </Button>
          </>
        )}
      </header>
      {parts.some(({ share }) => share > 0) && (
        <div className="px-3 pb-2">
          <ShareBar label={t('shares')} parts={parts} />
        </div>
      )}
      <SortableContext items={tier.targets} strategy={verticalListSortingStrategy}>
        <ul className="flex flex-col gap-1.5 px-2 pb-2">
          {tier.targets.length === 0 ? (
            <li className="border-line-strong text-ink-faint rounded-md border border-dashed px-3 py-4 text-center">
              {t('tierEmpty')}
            </li>
          ) : (
            children
          )}
        </ul>
      </SortableContext>
    </section>
  )
}
