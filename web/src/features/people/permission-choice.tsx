import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Checkbox } from '@/components/ui/field'
import { Loading } from '@/components/ui/states'
import { Badge } from '@/components/ui/surface'
import { useMay } from '@/lib/session'
import { permissionsQuery } from './data'

/** Which permission belongs where; one that a newer server adds stands at the end. */
const areas: [string, string[]][] = [
  ['providers', ['providers.read', 'providers.write', 'keys.write', 'keys.reveal', 'health.read']],
  ['models', ['models.read', 'models.write', 'routes.read', 'routes.write']],
  ['accessKeys', ['access_keys.own', 'access_keys.read', 'access_keys.write']],
  ['traffic', ['usage.own', 'usage.read', 'requests.read', 'requests.read_bodies']],
  ['configuration', ['revisions.read', 'revisions.write', 'settings.read', 'settings.write']],
  ['operation', ['alerts.write', 'jobs.read', 'jobs.write']],
  ['people', ['users.read', 'users.write', 'audit.read']],
]

type Props = { chosen: string[]; onChange: (names: string[]) => void; disabled?: boolean }

/** What members of a group may do, by area. Nobody gives away what they may not do themselves. */
export function PermissionChoice({ chosen, onChange, disabled }: Props) {
  const { t } = useTranslation('people')
  const query = useQuery(permissionsQuery)
  return (
    <Loading query={query}>
      {({ all, member }) => {
        const known = new Set(areas.flatMap(([, names]) => names))
        const others = all.filter((name) => !known.has(name))
        const shown: [string, string[]][] = others.length > 0 ? [...areas, ['others', others]] : areas
        return (
          <div className="grid gap-x-8 gap-y-6 md:grid-cols-2">
            {shown.map(([area, names]) => (
              <fieldset key={area} className="min-w-0">
                <legend className="text-ink-faint mb-1 text-xs font-medium">{t(`areas.${area}`)}</legend>
                {names
                  .filter((name) => all.includes(name))
                  .map((name) => (
                    <Permission
                      key={name}
                      name={name}
                      everyone={member.includes(name)}
                      chosen={chosen}
                      onChange={onChange}
                      disabled={disabled ?? false}
                    />
                  ))}
              </fieldset>
            ))}
          </div>
        )
      }}
    </Loading>
  )
}

type OneProps = Required<Props> & { name: string; everyone: boolean }

function Permission({ name, everyone, chosen, onChange, disabled }: OneProps) {
  const { t } = useTranslation('people')
  const may = useMay()
  const isLocked = disabled || everyone || !may(name)
  return (
    <label className="hover:bg-sunken -mx-2 flex items-start gap-2.5 rounded-md px-2 py-1.5">
      <Checkbox
        className="mt-0.5"
        checked={everyone || chosen.includes(name)}
        disabled={isLocked}
        onCheckedChange={(on) =>
          onChange(on === true ? [...chosen, name] : chosen.filter((other) => other !== name))
        }
      />
      <span className="min-w-0">
        <span className="font-medium">{t(`permissions.${name}.label`, name)}</span>{' '}
        {everyone && <Badge>{t('everyone')}</Badge>}
        <span className="text-ink-faint block text-xs">{t(`permissions.${name}.text`, name)}</span>
      </span>
    </label>
  )
}
