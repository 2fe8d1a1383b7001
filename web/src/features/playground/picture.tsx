import { ImageIcon } from 'lucide-react'
import { cn } from '@/lib/cn'

/** A picture of a message. Pages load nothing from elsewhere: of those that are links only the address is shown. */
export function Picture({ url, alt, className }: { url: string; alt: string; className: string }) {
  if (url.startsWith('data:')) return <img src={url} alt={alt} className={className} />
  return (
    <span
      title={url}
      className={cn(className, 'text-ink-soft flex items-center gap-1 overflow-hidden text-xs break-all')}
    >
      <ImageIcon className="size-4 shrink-0" aria-label={alt} /> {url}
    </span>
  )
}
