import { useTranslation } from 'react-i18next'
import { Field, Input, Switch, Textarea } from '@/components/ui/field'
import { fields } from './draft'

export type Form = {
  texts: Record<string, string>
  set: (path: string, text: string) => void
  wrong: (path: string) => string | undefined
  locked: boolean
}

/** The settings at these paths, each with its label, its default as placeholder, and what it does where that is not plain. */
export function Settings({ form, paths }: { form: Form; paths: string[] }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {paths.map((path) => (
        <Setting key={path} form={form} path={path} />
      ))}
    </div>
  )
}

function Setting({ form, path }: { form: Form; path: string }) {
  const { t } = useTranslation('providers')
  const { type = 'text', usual } = fields[path] ?? {}
  const value = form.texts[path] ?? ''
  const hint = t(`hints.${path}`, { defaultValue: '' })
  const shared = {
    label: t(`fields.${path}`),
    hint: hint || undefined,
    error: form.wrong(path),
  }
  if (type === 'yes') {
    return (
      <Field {...shared} className="justify-start">
        <Switch
          checked={value === 'true'}
          disabled={form.locked}
          onCheckedChange={(on) => form.set(path, on ? 'true' : '')}
        />
      </Field>
    )
  }
  const long = type === 'headers' || type === 'json' || type === 'models'
  if (long) {
    return (
      <Field {...shared} className="sm:col-span-2">
        <Textarea
          className="font-mono text-xs"
          spellCheck={false}
          value={value}
          disabled={form.locked}
          onChange={(event) => form.set(path, event.target.value)}
        />
      </Field>
    )
  }
  return (
    <Field {...shared}>
      <Input
        type={type === 'number' ? 'number' : 'text'}
        min={type === 'number' ? 0 : undefined}
        value={value}
        placeholder={usual ? t('usually', { value: usual }) : undefined}
        disabled={form.locked}
        onChange={(event) => form.set(path, event.target.value)}
      />
    </Field>
  )
}
