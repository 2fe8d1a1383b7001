import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FlaskConical } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Snippets } from '@/components/snippets'
import { Button } from '@/components/ui/button'
import { Field, Input, Select } from '@/components/ui/field'
import { Code, Notice } from '@/components/ui/surface'
import { ApiError, api, body, explain } from '@/lib/api'
import { offeredQuery } from './queries'

/** A first access key, how to use it, and the way to a first answer. */
export function WelcomeAccess({ provider }: { provider: string }) {
  const { t } = useTranslation('providers')
  const client = useQueryClient()
  const [name, setName] = useState('my-first-key')
  const [chosen, setChosen] = useState<string>()
  const models = useQuery(offeredQuery(provider)).data?.items ?? []
  const model = chosen ?? models[0]?.public_name ?? ''
  const made = useMutation({
    mutationFn: () => body(api.POST('/api/v1/access-keys', { body: { name } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['access-keys'] }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    made.mutate()
  }
  const key = made.data?.key
  return (
    <div className="flex flex-col gap-5">
      <div>
        <h2 className="text-base font-semibold">{t('welcome.accessTitle')}</h2>
        <p className="text-ink-soft mt-1">{t('welcome.accessText')}</p>
      </div>
      {key === undefined ? (
        <form onSubmit={submit} className="flex flex-col gap-4">
          {made.error && <Notice tone="bad">{explain(made.error)}</Notice>}
          <Field
            label={t('welcome.accessName')}
            error={made.error instanceof ApiError ? made.error.field('name') : undefined}
          >
            <Input required value={name} onChange={(event) => setName(event.target.value)} />
          </Field>
          <Button type="submit" variant="primary" className="self-start" busy={made.isPending}>
            {t('welcome.accessMake')}
          </Button>
        </form>
      ) : (
        <>
          <div>
            <Code text={key} />
            <p className="text-warn mt-1.5 text-xs">{t('welcome.accessDone')}</p>
          </div>
          <section className="flex flex-col gap-3" aria-labelledby="use-it">
            <div className="flex flex-wrap items-end justify-between gap-3">
              <h3 id="use-it" className="font-semibold">
                {t('welcome.snippets')}
              </h3>
              {models.length > 0 && (
                <Select
                  aria-label={t('welcome.model')}
                  className="w-64 max-w-full"
                  value={model}
                  onChange={(event) => setChosen(event.target.value)}
                >
                  {models.map(({ id, public_name }) => (
                    <option key={id}>{public_name}</option>
                  ))}
                </Select>
              )}
            </div>
            {/* oxlint-disable-next-line jsx-a11y/no-access-key -- not that of HTML */}
            <Snippets baseUrl={location.origin} accessKey={key} model={model} />
          </section>
        </>
      )}
      <div className="border-line flex flex-wrap justify-end gap-2 border-t pt-4">
        <Button asChild>
          <Link to="/">{t('welcome.finish')}</Link>
        </Button>
        <Button asChild variant={key === undefined ? 'secondary' : 'primary'}>
          <Link to="/playground" search={{ model }}>
            <FlaskConical /> {t('welcome.play')}
          </Link>
        </Button>
      </div>
    </div>
  )
}
