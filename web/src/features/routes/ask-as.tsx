import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Field, Input, Select } from '@/components/ui/field'
import { useMay } from '@/lib/session'
import { type Asked, accessKeysQuery } from './queries'

const operations = [
  'chat.completions',
  'responses',
  'messages',
  'completions',
  'generateContent',
  'embeddings',
  'rerank',
  'moderations',
  'images.generations',
  'images.edits',
  'audio.speech',
  'audio.transcriptions',
  'audio.translations',
]

/** What kind of request is thought of. */
export function AskAs({ asked, onChange }: { asked: Asked; onChange: (part: Asked) => void }) {
  const { t } = useTranslation('routes')
  const may = useMay()
  const keys = useQuery({ ...accessKeysQuery, enabled: may('access_keys.own') || may('access_keys.read') })
  return (
    <div className="grid gap-3 sm:grid-cols-3 xl:grid-cols-2 2xl:grid-cols-3">
      <Field label={t('ask.key')}>
        <Select
          value={asked.access_key ?? ''}
          onChange={(event) => onChange({ access_key: event.target.value || undefined })}
        >
          <option value="">{t('ask.anyKey')}</option>
          {keys.data?.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('ask.operation')}>
        <Select
          value={asked.operation ?? ''}
          onChange={(event) => onChange({ operation: event.target.value || undefined })}
        >
          <option value="">{t('ask.anyOperation')}</option>
          {operations.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('ask.session')}>
        <Input
          key={asked.session}
          defaultValue={asked.session ?? ''}
          placeholder={t('ask.noSession')}
          onBlur={(event) => onChange({ session: event.target.value.trim() || undefined })}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        />
      </Field>
    </div>
  )
}
