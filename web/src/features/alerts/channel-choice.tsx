import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Checkbox } from '@/components/ui/field'
import { Badge } from '@/components/ui/surface'
import { channelsQuery } from './queries'

/** Who is told. */
export function ChannelChoice({ value, onChange }: { value: string[]; onChange: (value: string[]) => void }) {
  const { t } = useTranslation('alerts')
  const channels = useQuery(channelsQuery).data ?? []
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium">{t('whoIsTold')}</legend>
      {channels.length === 0 && (
        <p className="text-ink-soft">
          {t('noChannelsYet')}{' '}
          <Link to="/alerts" search={{ tab: 'channels', add: true }} className="text-brand underline">
            {t('addChannel')}
          </Link>
        </p>
      )}
      <div className="flex flex-col gap-2">
        {channels.map(({ name, spec }) => (
          <label key={name} className="flex items-center gap-2.5">
            <Checkbox
              checked={value.includes(name)}
              onCheckedChange={(checked) =>
                onChange(checked === true ? [...value, name] : value.filter((one) => one !== name))
              }
            />
            <span className="min-w-0 truncate">{name}</span>
            <Badge>{t(`kind.${spec.kind}`)}</Badge>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
