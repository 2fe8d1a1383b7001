import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/field'
import { Segments } from '@/components/ui/segments'
import { LoadingRows } from '@/components/ui/states'
import { useMe } from '@/lib/session'
import { permissionsQuery } from './queries'

type Props = {
  /** Null is everything that the person may do, also later. */
  value: string[] | null
  onChange: (value: string[] | null) => void
  error: string | undefined
}

/** What a token may do: all of its owner's, or some of it. */
export function ScopeChoice({ value, onChange, error }: Props) {
  const { t } = useTranslation('tokens')
  const me = useMe()
  const all = useQuery(permissionsQuery).data
  // A token gets nothing that its owner has not.
  const mine = all?.filter((scope) => me?.role === 'administrator' || me?.permissions.includes(scope))
  const areas = [...new Set(mine?.map((scope) => scope.split('.')[0] ?? scope))]
  const toggle = (scope: string) => {
    const chosen = value ?? []
    onChange(chosen.includes(scope) ? chosen.filter((one) => one !== scope) : [...chosen, scope])
  }
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-medium">{t('scopes')}</legend>
      <div className="flex flex-wrap items-center gap-2">
        <Segments
          label={t('scopes')}
          value={value === null ? 'all' : 'some'}
          onChange={(next) => onChange(next === 'all' ? null : [])}
          items={[
            { value: 'some', label: t('some') },
            { value: 'all', label: t('everything') },
          ]}
        />
        {value !== null && mine && (
          <Button
            size="sm"
            variant="ghost"
            onClick={() => onChange(mine.filter((scope) => /\.(read|own)$/.test(scope)))}
          >
            {t('onlyRead')}
          </Button>
        )}
      </div>
      {error && <p className="text-bad text-xs">{error}</p>}
      {value === null ? (
        <p className="text-ink-soft">{t('everythingText')}</p>
      ) : mine ? (
        <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
          {areas.map((area) => (
            <div key={area} className="flex flex-col gap-1.5">
              <span className="text-ink-faint text-xs font-medium">{t(`area.${area}`, area)}</span>
              {mine
                .filter((scope) => scope.startsWith(`${area}.`))
                .map((scope) => (
                  <label key={scope} className="flex items-center gap-2.5">
                    <Checkbox checked={value.includes(scope)} onCheckedChange={() => toggle(scope)} />
                    <code className="font-mono text-xs">{scope}</code>
                  </label>
                ))}
            </div>
          ))}
        </div>
      ) : (
        <LoadingRows rows={3} />
      )}
    </fieldset>
  )
}
