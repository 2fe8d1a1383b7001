/** How a number went, without axes; the number itself stands beside it. */
export function Sparkline({ values, colour = 'var(--chart-1)' }: { values: number[]; colour?: string }) {
  if (values.length < 2) return <div className="h-9" />
  const most = Math.max(...values)
  const width = values.length - 1
  const line = values.map((value, x) => `${x},${most > 0 ? 30 - (value / most) * 28 : 30}`).join(' ')
  return (
    <svg viewBox={`0 0 ${width} 32`} preserveAspectRatio="none" className="block h-9 w-full" aria-hidden>
      <polygon points={`0,32 ${line} ${width},32`} fill={colour} opacity={0.14} />
      <polyline
        points={line}
        fill="none"
        stroke={colour}
        strokeWidth={1.5}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}
