import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { TimeRangePicker } from '@/components/time-range'
import { Button } from '@/components/ui/button'
import { Select } from '@/components/ui/field'
import { useMay } from '@/lib/session'
import { type AuditFilter, actions, fallbackRange, objectKinds, peopleQuery } from './queries'
import { useWords } from './words'

type Props = { filter: AuditFilter; onFilter: (part: AuditFilter) => void }

export function AuditFilters({ filter, onFilter }: Props) {
  const { t } = useTranslation('audit')
  const words = useWords()
  const mayDo = useMay()
  const people = useQuery({ ...peopleQuery, enabled: mayDo('users.read') }).data ?? []
  const unknown = filter.actor && !people.some(({ id }) => id === filter.actor)
  return (
    <div className="border-line flex flex-col gap-2 border-b p-3">
      <div className="flex flex-wrap gap-2">
        {(people.length > 0 || unknown) && (
          <Select
            aria-label={t('actor')}
            className="w-full sm:w-56"
            value={filter.actor ?? ''}
            onChange={(event) => onFilter({ actor: event.target.value || undefined })}
          >
            <option value="">{t('everybody')}</option>
            {unknown && <option value={filter.actor}>{filter.actor}</option>}
            {people.map(({ id, name, email }) => (
              <option key={id} value={id}>
                {name && name !== email ? `${name} (${email})` : email}
              </option>
            ))}
          </Select>
        )}
        <Select
          aria-label={t('action')}
          className="w-full sm:w-64"
          value={filter.action ?? ''}
          onChange={(event) => onFilter({ action: event.target.value || undefined })}
        >
          <option value="">{t('everyAction')}</option>
          {Object.entries(actions).map(([area, names]) => (
            <optgroup key={area} label={t(`areas.${area}`)}>
              {names.length > 1 && (
                <option value={`${area}.`}>{t('allOf', { area: t(`areas.${area}`) })}</option>
              )}
              {names.map((name) => (
                <option key={name} value={`${area}.${name}`}>
                  {words.action(`${area}.${name}`)}
                </option>
              ))}
            </optgroup>
          ))}
        </Select>
        <Select
          aria-label={t('objectKind')}
          className="w-full sm:w-48"
          value={filter.object_kind ?? ''}
          onChange={(event) =>
            onFilter({ object_kind: event.target.value || undefined, object_id: undefined })
          }
        >
          <option value="">{t('everyObject')}</option>
          {objectKinds.map((kind) => (
            <option key={kind} value={kind}>
              {words.kind(kind)}
            </option>
          ))}
        </Select>
        {filter.object_id && (
          <Button
            className="border-brand text-brand max-w-64"
            onClick={() => onFilter({ object_id: undefined })}
          >
            <span className="truncate">{filter.object_id}</span> <X aria-label={t('remove')} />
          </Button>
        )}
      </div>
      <TimeRangePicker
        value={{ range: filter.range, from: filter.from, to: filter.to }}
        onChange={(value) => onFilter({ range: undefined, from: undefined, to: undefined, ...value })}
        presets={['24h', '7d', '30d', '90d']}
        fallback={fallbackRange}
      />
    </div>
  )
}
