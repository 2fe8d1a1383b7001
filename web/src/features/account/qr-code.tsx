import { qrOf } from './qr'

/** A text as a QR code: black on white in both themes, since readers want it so. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const rows = qrOf(text)
  if (!rows) return null
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  const size = rows.length
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`-4 -4 ${size + 8} ${size + 8}`}
      className="size-52 shrink-0 rounded-md bg-white"
      shapeRendering="crispEdges"
    >
      <path d={path} fill="#000" />
    </svg>
  )
}
