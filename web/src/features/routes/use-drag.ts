import {
  type CollisionDetection,
  type DragEndEvent,
  type DragOverEvent,
  MouseSensor,
  TouchSensor,
  closestCenter,
  closestCorners,
  pointerWithin,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { useState } from 'react'
import { type Draft, moveTarget, moveTier, placeOf, withoutEmptied } from './draft'

/** Tiers are dragged among tiers; targets among targets, and into tiers. */
const collide: CollisionDetection = (args) => {
  const of = (type: string) => args.droppableContainers.filter(({ data }) => data.current?.type === type)
  if (args.active.data.current?.type === 'tier')
    return closestCenter({ ...args, droppableContainers: of('tier') })
  const targets = pointerWithin({ ...args, droppableContainers: of('target') })
  if (targets.length > 0) return targets
  const tiers = pointerWithin({ ...args, droppableContainers: of('tier') })
  return tiers.length > 0 ? tiers : closestCorners(args)
}

/** Dragging with a pointer: targets change their tier under way, order within it at the end. */
export function useDrag(draft: Draft, onChange: (draft: Draft) => void) {
  const [before, setBefore] = useState<Draft>()
  const [active, setActive] = useState<string>()
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 150, tolerance: 6 } }),
  )
  const end = () => {
    setBefore(undefined)
    setActive(undefined)
  }
  const over = ({ active, over }: DragOverEvent) => {
    if (!over || active.data.current?.type !== 'target') return
    const id = String(active.id)
    const from = placeOf(draft, id)
    const to = placeOf(draft, String(over.id)) ?? {
      tier: draft.tiers.findIndex((tier) => tier.id === over.id),
      target: Number.POSITIVE_INFINITY,
    }
    if (from && to.tier >= 0 && to.tier !== from.tier) onChange(moveTarget(draft, id, to))
  }
  const drop = ({ active, over }: DragEndEvent) => {
    end()
    if (!over) return
    const id = String(active.id)
    if (active.data.current?.type === 'tier') {
      const to = draft.tiers.findIndex((tier) => tier.id === over.id)
      if (active.id !== over.id) onChange(moveTier(draft, id, to))
      return
    }
    const to = placeOf(draft, String(over.id))
    const moved = to && active.id !== over.id ? moveTarget(draft, id, to) : draft
    onChange(before ? withoutEmptied(before, moved) : moved)
  }
  return {
    active,
    props: {
      sensors,
      collisionDetection: collide,
      onDragStart: ({ active }: { active: { id: string | number } }) => {
        setBefore(draft)
        setActive(String(active.id))
      },
      onDragOver: over,
      onDragEnd: drop,
      onDragCancel: () => {
        if (before) onChange(before)
        end()
      },
    },
  }
}
