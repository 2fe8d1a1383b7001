import { CircleAlert, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { explain } from '@/lib/api'
import { cn } from '@/lib/cn'
import { Button } from './button'

/** A page or list with nothing in it: what it is for, and what to do next. */
export function EmptyState({
  icon: Icon,
  title,
  text,
  children,
}: {
  icon: LucideIcon
  title: string
  text?: ReactNode
  children?: ReactNode
}) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-14 text-center">
      <span className="bg-sunken text-ink-faint mb-1 flex size-11 items-center justify-center rounded-full">
        <Icon className="size-5" aria-hidden />
      </span>
      <h2 className="font-semibold">{title}</h2>
      {text && <p className="text-ink-soft max-w-md">{text}</p>}
      {children && <div className="mt-3 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  )
}

/** What could not be loaded, why, and a way to try again. */
export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  return (
    <div role="alert" className="flex flex-col items-center gap-2 px-6 py-14 text-center">
      <CircleAlert className="text-bad size-6" aria-hidden />
      <h2 className="font-semibold">{t('loading.failed')}</h2>
      <p className="text-ink-soft max-w-lg break-words">{explain(error)}</p>
      {retry && (
        <Button className="mt-3" onClick={retry}>
          {t('retry')}
        </Button>
      )}
    </div>
  )
}

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn('bg-sunken animate-pulse rounded-md', className)} />
}

/** Rows of a list that is being loaded. */
export function LoadingRows({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation()
  return (
    <div role="status" aria-label={t('loading.text')} className="flex flex-col gap-3 p-4">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} className="h-8" />
      ))}
    </div>
  )
}

type Loaded<T> = { data: T | undefined; error: unknown; refetch: () => unknown }

/** A query's result: loading, failed, or what `children` makes of its data. */
export function Loading<T>({
  query,
  children,
  skeleton,
}: {
  query: Loaded<T>
  children: (data: T) => ReactNode
  skeleton?: ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  return skeleton ?? <LoadingRows />
}
