import { Check, Copy } from 'lucide-react'
import { type ComponentProps, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import { Button } from './button'

/** The head of a page: its title, what it is about, and its actions. */
export function PageHeader({
  title,
  text,
  children,
}: {
  title: ReactNode
  text?: ReactNode
  children?: ReactNode
}) {
  return (
    <header className="mb-5 flex flex-wrap items-start gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1 basis-64">
        <h1 className="text-xl font-semibold tracking-tight break-words">{title}</h1>
        {text && <p className="text-ink-soft mt-1 max-w-3xl">{text}</p>}
      </div>
      {children && <div className="flex flex-wrap items-center gap-2">{children}</div>}
    </header>
  )
}

export function Card({ className, ...rest }: ComponentProps<'section'>) {
  return <section className={cn('bg-surface border-line rounded-lg border', className)} {...rest} />
}

/** A card with a title line. */
export function Panel({
  title,
  actions,
  children,
  className,
}: {
  title: ReactNode
  actions?: ReactNode
  children: ReactNode
  className?: string
}) {
  return (
    <Card className={className}>
      <div className="border-line flex min-h-11 flex-wrap items-center gap-2 border-b px-4 py-2">
        <h2 className="flex-1 font-semibold">{title}</h2>
        {actions}
      </div>
      <div className="p-4">{children}</div>
    </Card>
  )
}

const tones = {
  neutral: 'bg-sunken text-ink-soft',
  brand: 'bg-brand-soft text-brand',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
}
export type Tone = keyof typeof tones

/** A word on a coloured ground. The word says it all: colour alone says nothing to some. */
export function Badge({
  tone = 'neutral',
  className,
  children,
}: {
  tone?: Tone
  className?: string
  children: ReactNode
}) {
  return (
    <span
      className={cn(
        'inline-flex items-center gap-1 rounded px-1.5 py-0.5 text-xs font-medium whitespace-nowrap',
        tones[tone],
        className,
      )}
    >
      {children}
    </span>
  )
}

/** Something to know before going on. */
export function Notice({
  tone = 'brand',
  children,
  className,
}: {
  tone?: Tone
  children: ReactNode
  className?: string
}) {
  return (
    <div role="note" className={cn('rounded-md px-3.5 py-2.5 leading-relaxed', tones[tone], className)}>
      {children}
    </div>
  )
}

/** One number of a dashboard. */
export function Stat({
  label,
  value,
  detail,
  tone,
}: {
  label: ReactNode
  value: ReactNode
  detail?: ReactNode
  tone?: 'good' | 'warn' | 'bad'
}) {
  const colour =
    tone === 'bad' ? 'text-bad' : tone === 'warn' ? 'text-warn' : tone === 'good' ? 'text-good' : ''
  return (
    <Card className="min-w-0 px-4 py-3.5">
      <div className="text-ink-soft truncate">{label}</div>
      <div className={cn('mt-1 truncate text-2xl font-semibold tabular-nums', colour)}>{value}</div>
      {detail && <div className="text-ink-faint mt-0.5 truncate text-xs">{detail}</div>}
    </Card>
  )
}

/** Copies a text, and says so. */
export function CopyButton({
  text,
  label,
  size = 'icon-sm',
}: {
  text: string
  label?: string
  size?: 'icon-sm' | 'sm' | 'md'
}) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <Button
      variant={size === 'icon-sm' ? 'ghost' : 'secondary'}
      size={size}
      onClick={() => void copy()}
      aria-label={label ?? t('copy')}
    >
      {copied ? <Check className="text-good" /> : <Copy />}
      {size !== 'icon-sm' && <span aria-live="polite">{copied ? t('copied') : (label ?? t('copy'))}</span>}
    </Button>
  )
}

/** Text of a machine, with a button that copies it. */
export function Code({ text, className }: { text: string; className?: string }) {
  return (
    <div className={cn('bg-sunken border-line relative rounded-md border', className)}>
      <pre tabIndex={0} className="max-h-96 overflow-auto p-3 pr-11 font-mono text-xs leading-relaxed">
        {text}
      </pre>
      <span className="absolute top-1.5 right-1.5">
        <CopyButton text={text} />
      </span>
    </div>
  )
}

/** How far something has got; `value` between 0 and 1. */
export function Progress({ value, label }: { value: number; label: string }) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className="bg-sunken h-2 overflow-hidden rounded-full"
    >
      <div className="bg-brand h-full rounded-full transition-[width]" style={{ width: `${percent}%` }} />
    </div>
  )
}

/** Pairs of a name and its value. */
export function Facts({ items }: { items: [ReactNode, ReactNode][] }) {
  return (
    <dl className="grid grid-cols-[minmax(6rem,auto)_1fr] gap-x-4 gap-y-2">
      {items.map(([name, value], index) => (
        <div key={index} className="contents">
          <dt className="text-ink-faint">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
