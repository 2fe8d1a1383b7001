import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Field as Labelled, Input, Select } from '@/components/ui/field'
import { api, body } from '@/lib/api'
import { useMay } from '@/lib/session'
import type { Field } from './filters'

type Props = { field: Field; value: string; onChange: (value: string) => void }

const operations = [
  'chat.completions',
  'responses',
  'messages',
  'generate_content',
  'embeddings',
  'images.generations',
]
const statuses = ['2xx', '4xx', '5xx', '400', '401', '403', '404', '429', '500', '502', '503']

/** A filter's value, with what there is to choose from where that is known. */
export function FilterValue({ field, value, onChange }: Props) {
  const { t } = useTranslation('requests')
  const list = useId()
  const suggestions = useSuggestions(field, value)
  const users = useUsers(field.name === 'user')
  if (field.kind === 'boolean') {
    return (
      <Labelled label={t('value')}>
        <Select value={value || 'true'} onChange={(event) => onChange(event.target.value)}>
          <option value="true">{t('yes')}</option>
          <option value="false">{t('no')}</option>
        </Select>
      </Labelled>
    )
  }
  if (field.name === 'user' && users.length > 0) {
    return (
      <Labelled label={t('value')}>
        <Select value={value} onChange={(event) => onChange(event.target.value)} required>
          <option value="" />
          {users.map(({ id, email }) => (
            <option key={id} value={id}>
              {email}
            </option>
          ))}
        </Select>
      </Labelled>
    )
  }
  return (
    <Labelled label={t('value')} hint={t(`hints.${field.name}`, { defaultValue: '' }) || undefined}>
      <Input
        list={list}
        value={value}
        inputMode={field.kind === 'number' ? 'numeric' : undefined}
        onChange={(event) => onChange(event.target.value)}
        required
      />
      <datalist id={list}>
        {suggestions.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </Labelled>
  )
}

function useUsers(wanted: boolean) {
  const mayDo = useMay()
  const { data } = useQuery({
    queryKey: ['users', 'choice'],
    queryFn: () => body(api.GET('/api/v1/users', { params: { query: { limit: 500 } } })),
    enabled: wanted && mayDo('users.read'),
  })
  return data?.items ?? []
}

function useSuggestions({ name }: Field, written: string): string[] {
  const mayDo = useMay()
  const q = written.trim()
  const search = { params: { query: { limit: 20, ...(q ? { q } : {}) } } }
  const providers = useQuery({
    queryKey: ['providers'],
    queryFn: () => body(api.GET('/api/v1/providers')),
    enabled: name === 'provider' && mayDo('providers.read'),
  })
  const models = useQuery({
    queryKey: ['requests', 'models', q],
    queryFn: () => body(api.GET('/api/v1/models', search)),
    enabled: name === 'model' && mayDo('models.read'),
  })
  const keys = useQuery({
    queryKey: ['requests', 'access-keys', q],
    queryFn: () => body(api.GET('/api/v1/access-keys', search)),
    enabled: name === 'access_key' && mayDo('access_keys.own'),
  })
  if (name === 'provider') return (providers.data?.items ?? []).map(({ name }) => name)
  if (name === 'model') return [...new Set((models.data?.items ?? []).map(({ public_name }) => public_name))]
  if (name === 'access_key') return (keys.data?.items ?? []).map(({ name }) => name)
  if (name === 'operation') return operations
  if (name === 'status' || name === 'attempt_status')
    return statuses.filter((status) => name === 'status' || !status.endsWith('xx'))
  return []
}
