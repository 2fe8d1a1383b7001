import { Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/field'
import type { Draft } from './draft'

type Props = {
  addresses: Draft['addresses']
  onChange: (addresses: Draft['addresses']) => void
  error: string | undefined
  locked: boolean
}

/** Where the provider is asked: one address, or several that share the requests by weight. */
export function Addresses({ addresses, onChange, error, locked }: Props) {
  const { t } = useTranslation('providers')
  const set = (index: number, part: Partial<Draft['addresses'][number]>) =>
    onChange(addresses.map((row, at) => (at === index ? { ...row, ...part } : row)))
  const several = addresses.length > 1
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 font-medium">{t('addresses')}</legend>
      {addresses.map(({ url, weight }, index) => (
        <div key={index} className="flex gap-2">
          <Input
            type="url"
            aria-label={t('baseUrl')}
            value={url}
            placeholder={several ? 'https://…' : t('publicAddress')}
            disabled={locked}
            onChange={(event) => set(index, { url: event.target.value })}
          />
          {several && (
            <Input
              type="number"
              min={0}
              className="w-20 shrink-0"
              aria-label={t('weight')}
              value={weight}
              placeholder="1"
              disabled={locked}
              onChange={(event) => set(index, { weight: event.target.value })}
            />
          )}
          {several && (
            <Button
              variant="ghost"
              size="icon"
              aria-label={t('remove')}
              disabled={locked}
              onClick={() => onChange(addresses.filter((_, at) => at !== index))}
            >
              <Trash2 />
            </Button>
          )}
        </div>
      ))}
      {error && (
        <p className="text-bad text-xs" role="alert">
          {error}
        </p>
      )}
      {!locked && (
        <Button
          variant="link"
          className="self-start"
          onClick={() => onChange([...addresses, { url: '', weight: '' }])}
        >
          <Plus /> {t('addAddress')}
        </Button>
      )}
    </fieldset>
  )
}
