import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Field, Input, Switch, Textarea } from '@/components/ui/field'
import { ApiError, api, body } from '@/lib/api'
import { useMay } from '@/lib/session'
import { type Draft, limitNames } from './draft'

type Props = {
  draft: Draft
  onChange: (draft: Draft) => void
  error: unknown
  fresh: boolean
  restricted?: boolean
}

/** Everything that an access key is told. */
export function AccessKeyForm({ draft, onChange, error, fresh, restricted }: Props) {
  const { t } = useTranslation('access-keys')
  const mayDo = useMay()
  const set = (part: Partial<Draft>) => onChange({ ...draft, ...part })
  const wrong = (name: string) => (error instanceof ApiError ? error.field(name) : undefined)
  return (
    <div className="flex flex-col gap-5">
      <Field label={t('name')} error={wrong('name')} hint={fresh ? t('nameHint') : undefined}>
        <Input
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
          maxLength={100}
          required
          disabled={!fresh}
          autoFocus={fresh}
        />
      </Field>
      <Field label={t('description')} error={wrong('description')}>
        <Input
          value={draft.description}
          onChange={(event) => set({ description: event.target.value })}
          maxLength={1000}
        />
      </Field>
      {!restricted && (
        <>
          {mayDo('access_keys.write') && (
            <Owner value={draft.owner} onChange={(owner) => set({ owner })} error={wrong('owner')} />
          )}
          <div className="grid gap-5 sm:grid-cols-2">
            <Field label={t('models')} hint={t('modelsHint')} error={wrong('models')}>
              <Textarea
                className="font-mono text-xs"
                value={draft.models}
                onChange={(event) => set({ models: event.target.value })}
                placeholder={t('modelsPlaceholder')}
              />
            </Field>
            <Field label={t('networks')} hint={t('networksHint')} error={wrong('allowed_networks')}>
              <Textarea
                className="font-mono text-xs"
                value={draft.networks}
                onChange={(event) => set({ networks: event.target.value })}
                placeholder="10.0.0.0/8"
              />
            </Field>
            <Field label={t('expires')} hint={t('expiresHint')} error={wrong('expires_at')}>
              <Input
                type="datetime-local"
                value={draft.expires}
                onChange={(event) => set({ expires: event.target.value })}
              />
            </Field>
            <Field label={t('tags')} error={wrong('tags')}>
              <Input value={draft.tags} onChange={(event) => set({ tags: event.target.value })} />
            </Field>
          </div>
          <fieldset>
            <legend className="mb-3 font-semibold">{t('limits')}</legend>
            <p className="text-ink-faint -mt-2 mb-3 text-xs">{t('limitsHint')}</p>
            <div className="grid gap-4 sm:grid-cols-2">
              {limitNames.map((name) => (
                <Field key={name} label={t(`limit.${name}`)} error={wrong(name)}>
                  <Input
                    type="number"
                    min={name.startsWith('usd') ? 0 : 1}
                    step={name.startsWith('usd') ? 'any' : 1}
                    value={draft.limits[name] ?? ''}
                    onChange={(event) => set({ limits: { ...draft.limits, [name]: event.target.value } })}
                    placeholder={t('unlimited')}
                  />
                </Field>
              ))}
            </div>
          </fieldset>
          {mayDo('access_keys.write') && (
            <Field label={t('locked')} hint={t('lockedHint')}>
              <Switch checked={draft.locked} onCheckedChange={(locked) => set({ locked })} />
            </Field>
          )}
        </>
      )}
    </div>
  )
}

/** Whose it is: an e-mail address, offered from the people there are. */
function Owner({
  value,
  onChange,
  error,
}: {
  value: string
  onChange: (owner: string) => void
  error: string | undefined
}) {
  const { t } = useTranslation('access-keys')
  const mayDo = useMay()
  const people = useQuery({
    queryKey: ['users', 'suggested', value],
    queryFn: () => body(api.GET('/api/v1/users', { params: { query: { q: value, limit: 20 } } })),
    enabled: mayDo('users.read'),
  })
  return (
    <Field label={t('owner')} hint={t('ownerHint')} error={error}>
      <Input list="access-key-owners" value={value} onChange={(event) => onChange(event.target.value)} />
      <datalist id="access-key-owners">
        {people.data?.items.map((person) => (
          <option key={person.id} value={person.email}>
            {person.name}
          </option>
        ))}
      </datalist>
    </Field>
  )
}
