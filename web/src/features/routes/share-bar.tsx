type Part = { key: string; share: number }

/** How requests are split, as one bar. */
export function ShareBar({ label, parts }: { label: string; parts: Part[] }) {
  return (
    <span
      role="img"
      aria-label={label}
      className="bg-sunken flex h-2 w-full gap-px overflow-hidden rounded-full"
    >
      {parts.map(({ key, share }, index) =>
        share > 0 ? (
          <span key={`${key}${index}`} style={{ width: `${share * 100}%`, background: colour(index) }} />
        ) : null,
      )}
    </span>
  )
}

/** The colour of the index-th target, the same in all pictures of a route. */
export const colour = (index: number) => `var(--chart-${(index % 8) + 1})`
