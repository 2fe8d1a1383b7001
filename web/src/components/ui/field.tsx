import { Label, Switch as RadixSwitch, Checkbox as RadixCheckbox } from 'radix-ui'
import { Check, ChevronDown, Minus } from 'lucide-react'
import { type ComponentProps, type ReactNode, createContext, useContext, useId } from 'react'
import { cn } from '@/lib/cn'

const FieldContext = createContext<{ id: string; describedBy?: string; invalid?: boolean } | undefined>(
  undefined,
)

/** Ties a control to its field's label, hint and error. */
function useField(id: string | undefined) {
  const field = useContext(FieldContext)
  return {
    id: id ?? field?.id,
    'aria-describedby': field?.describedBy,
    'aria-invalid': field?.invalid || undefined,
  }
}

type FieldProps = {
  label: ReactNode
  hint?: ReactNode
  error?: string | undefined
  children: ReactNode
  className?: string
}

/** A control with its label, an explanation below it, and what is wrong with it. */
export function Field({ label, hint, error, children, className }: FieldProps) {
  const id = useId()
  const note = `${id}-note`
  return (
    <FieldContext value={{ id, describedBy: hint || error ? note : undefined, invalid: error !== undefined }}>
      <div className={cn('flex flex-col gap-1.5', className)}>
        <Label.Root htmlFor={id} className="text-ink font-medium">
          {label}
        </Label.Root>
        {children}
        {(error ?? hint) && (
          <p
            id={note}
            className={cn('text-xs', error ? 'text-bad' : 'text-ink-faint')}
            role={error ? 'alert' : undefined}
          >
            {error ?? hint}
          </p>
        )}
      </div>
    </FieldContext>
  )
}

const control =
  'w-full rounded-md border border-line-strong bg-surface px-3 text-ink placeholder:text-ink-faint disabled:opacity-60 disabled:bg-sunken aria-invalid:border-bad'

export function Input({ className, id, ...rest }: ComponentProps<'input'>) {
  return <input {...useField(id)} className={cn(control, 'h-9', className)} {...rest} />
}

export function Textarea({ className, id, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      {...useField(id)}
      className={cn(control, 'min-h-24 py-2 leading-relaxed', className)}
      {...rest}
    />
  )
}

/** The browser's own select: right on every phone and with every screen reader. */
export function Select({ className, id, children, ...rest }: ComponentProps<'select'>) {
  return (
    <span className={cn('relative inline-flex w-full', className)}>
      <select {...useField(id)} className={cn(control, 'h-9 appearance-none truncate pr-8')} {...rest}>
        {children}
      </select>
      <ChevronDown
        className="text-ink-faint pointer-events-none absolute top-2.5 right-2.5 size-4"
        aria-hidden
      />
    </span>
  )
}

export function Switch({ className, id, ...rest }: ComponentProps<typeof RadixSwitch.Root>) {
  return (
    <RadixSwitch.Root
      {...useField(id)}
      className={cn(
        'bg-line-strong data-[state=checked]:bg-brand inline-flex h-5 w-9 shrink-0 items-center rounded-full p-0.5 transition-colors disabled:opacity-50',
        className,
      )}
      {...rest}
    >
      <RadixSwitch.Thumb className="size-4 rounded-full bg-white shadow transition-transform data-[state=checked]:translate-x-4" />
    </RadixSwitch.Root>
  )
}

export function Checkbox({ className, id, ...rest }: ComponentProps<typeof RadixCheckbox.Root>) {
  return (
    <RadixCheckbox.Root
      {...useField(id)}
      className={cn(
        'border-line-strong bg-surface data-[state=checked]:bg-brand data-[state=indeterminate]:bg-brand text-brand-ink inline-flex size-4.5 shrink-0 items-center justify-center rounded border',
        className,
      )}
      {...rest}
    >
      <RadixCheckbox.Indicator>
        {rest.checked === 'indeterminate' ? <Minus className="size-3.5" /> : <Check className="size-3.5" />}
      </RadixCheckbox.Indicator>
    </RadixCheckbox.Root>
  )
}
