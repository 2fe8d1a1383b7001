import { DndContext, DragOverlay } from '@dnd-kit/core'
import { SortableContext, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import {
  type Draft,
  addTargets,
  addTier,
  moveTier,
  placeOf,
  removeTarget,
  removeTier,
  setWeight,
  shareOf,
  stepTarget,
} from './draft'
import type { ShownTarget } from './queries'
import { colour } from './share-bar'
import { TargetPicker } from './target-picker'
import { TargetRow, handleOf } from './target-row'
import { TierCard } from './tier-card'
import { useDrag } from './use-drag'

type Props = {
  draft: Draft
  readOnly: boolean
  /** How targets stand in the route that is in force. */
  shown: ShownTarget[]
  onChange: (draft: Draft) => void
}

/** Tiers and their targets, moved by pointer, or with the arrow keys on their handles. */
export function TiersEditor({ draft, readOnly, shown, onChange }: Props) {
  const { t } = useTranslation('routes')
  const drag = useDrag(draft, onChange)
  const [adding, setAdding] = useState<{ tier: string | undefined }>()
  const [said, setSaid] = useState('')
  /** Moves with the keyboard: says where it went, and keeps the focus on what was moved. */
  const step = (id: string, next: Draft) => {
    if (next === draft) return
    onChange(next)
    const place = placeOf(next, id)
    const tier = place ? place.tier : next.tiers.findIndex((one) => one.id === id)
    setSaid(t(place ? 'movedTarget' : 'movedTier', { tier: tier + 1, place: (place?.target ?? 0) + 1 }))
    requestAnimationFrame(() => document.getElementById(handleOf(id))?.focus())
  }
  const all = draft.tiers.flatMap(({ targets }) => targets)
  const dragged = all.find(({ id }) => id === drag.active)
  return (
    <div className="flex flex-col gap-3">
      <div role="status" className="sr-only">
        {said}
      </div>
      <DndContext
        {...drag.props}
        accessibility={{
          screenReaderInstructions: { draggable: t('keys') },
          announcements: {
            onDragStart: () => undefined,
            onDragOver: () => undefined,
            onDragEnd: () => undefined,
            onDragCancel: () => undefined,
          },
        }}
      >
        <SortableContext items={draft.tiers} strategy={verticalListSortingStrategy}>
          {draft.tiers.map((tier, index) => (
            <TierCard
              key={tier.id}
              tier={tier}
              index={index}
              strategy={draft.strategy}
              readOnly={readOnly}
              onStep={(by) => step(tier.id, moveTier(draft, tier.id, index + by))}
              onAdd={() => setAdding({ tier: tier.id })}
              onRemove={() => onChange(removeTier(draft, tier.id))}
            >
              {tier.targets.map((target, place) => (
                <TargetRow
                  key={target.id}
                  target={target}
                  share={shareOf(target, tier, draft.strategy)}
                  colour={colour(place)}
                  shown={shown.find((one) => one.provider === target.provider && one.model === target.model)}
                  readOnly={readOnly}
                  onStep={(by) => step(target.id, stepTarget(draft, target.id, by))}
                  onWeight={(weight) => onChange(setWeight(draft, target.id, weight))}
                  onRemove={() => onChange(removeTarget(draft, target.id))}
                />
              ))}
            </TierCard>
          ))}
        </SortableContext>
        <DragOverlay>
          {dragged && (
            <div className="bg-surface border-brand rounded-md border px-3 py-2 shadow-lg">
              <div className="truncate font-medium">{dragged.model}</div>
              <div className="text-ink-faint text-xs">{dragged.provider}</div>
            </div>
          )}
        </DragOverlay>
      </DndContext>
      {draft.tiers.length === 0 && (
        <p className="border-line-strong text-ink-soft rounded-lg border border-dashed px-4 py-8 text-center">
          {t('noTargets')}
        </p>
      )}
      {!readOnly && (
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setAdding({ tier: draft.tiers.at(-1)?.id })}>
            <Plus /> {t('addTarget')}
          </Button>
          <Button variant="ghost" onClick={() => onChange(addTier(draft))}>
            <Plus /> {t('addTier')}
          </Button>
        </div>
      )}
      {adding && (
        <TargetPicker
          taken={all}
          close={() => setAdding(undefined)}
          onAdd={(offers) => onChange(addTargets(draft, adding.tier, offers))}
        />
      )}
    </div>
  )
}
