import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Checkbox } from '@/components/ui/field'
import { Loading } from '@/components/ui/states'
import { groupsQuery } from './data'

type Props = { chosen: string[]; onChange: (ids: string[]) => void; disabled?: boolean }

/** Which groups somebody is in. */
export function GroupChoice({ chosen, onChange, disabled }: Props) {
  const { t } = useTranslation('people')
  const query = useQuery(groupsQuery)
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium">{t('groups')}</legend>
      <Loading query={query}>
        {(groups) =>
          groups.length === 0 ? (
            <p className="text-ink-faint text-xs">{t('noGroupsYet')}</p>
          ) : (
            <div className="border-line max-h-44 overflow-y-auto rounded-md border p-1">
              {groups.map(({ id, name }) => (
                <label key={id} className="hover:bg-sunken flex items-center gap-2 rounded px-2 py-1.5">
                  <Checkbox
                    checked={chosen.includes(id)}
                    disabled={disabled ?? false}
                    onCheckedChange={(on) =>
                      onChange(on === true ? [...chosen, id] : chosen.filter((other) => other !== id))
                    }
                  />
                  <span className="min-w-0 truncate">{name}</span>
                </label>
              ))}
            </div>
          )
        }
      </Loading>
    </fieldset>
  )
}
