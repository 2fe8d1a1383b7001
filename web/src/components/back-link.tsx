import { Link, type LinkProps } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'

/** Leads from a thing to the list it is in. */
export function BackLink({ to, children }: { to: LinkProps['to']; children: ReactNode }) {
  return (
    <Link
      to={to}
      className="text-ink-soft hover:text-ink mb-2 inline-flex items-center gap-1 text-xs font-medium"
    >
      <ChevronLeft className="size-3.5" aria-hidden />
      {children}
    </Link>
  )
}
