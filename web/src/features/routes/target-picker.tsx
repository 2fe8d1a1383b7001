import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SearchInput } from '@/components/search-input'
import { Button } from '@/components/ui/button'
import { Checkbox, Select } from '@/components/ui/field'
import { Overlay } from '@/components/ui/overlay'
import { Loading } from '@/components/ui/states'
import { Badge } from '@/components/ui/surface'
import { useProviderNames } from '@/lib/provider-names'
import type { Offer } from './draft'
import { offersQuery } from './queries'

type Props = { taken: Offer[]; onAdd: (offers: Offer[]) => void; close: () => void }

const keyOf = ({ provider, model }: Offer) => `${provider}\n${model}`

/** Chooses providers' models as targets. */
export function TargetPicker({ taken, onAdd, close }: Props) {
  const { t } = useTranslation('routes')
  const providers = useProviderNames()
  const [provider, setProvider] = useState('')
  const [q, setQ] = useState('')
  const [chosen, setChosen] = useState<Offer[]>([])
  const offers = useQuery(offersQuery(provider, q))
  const has = (list: Offer[], offer: Offer) => list.some((one) => keyOf(one) === keyOf(offer))
  const toggle = (offer: Offer) =>
    setChosen((before) =>
      has(before, offer) ? before.filter((one) => keyOf(one) !== keyOf(offer)) : [...before, offer],
    )
  return (
    <Overlay
      open
      onOpenChange={(open) => !open && close()}
      title={t('picker.title')}
      description={t('picker.text')}
      footer={
        <>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button
            variant="primary"
            disabled={chosen.length === 0}
            onClick={() => {
              onAdd(chosen)
              close()
            }}
          >
            {chosen.length === 0 ? t('picker.title') : t('picker.add', { count: chosen.length })}
          </Button>
        </>
      }
    >
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchInput label={t('picker.search')} value={q} onChange={setQ} className="min-w-40 flex-1" />
        {providers.length > 0 && (
          <Select
            aria-label={t('provider')}
            className="w-auto min-w-36"
            value={provider}
            onChange={(event) => setProvider(event.target.value)}
          >
            <option value="">{t('allProviders')}</option>
            {providers.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </div>
      <div className="min-h-80">
        <Loading query={offers}>
          {({ items, next_cursor }) => (
            <>
              {items.length === 0 && <p className="text-ink-soft py-8 text-center">{t('picker.nothing')}</p>}
              <ul
                className="divide-line max-h-96 divide-y overflow-y-auto"
                tabIndex={0}
                aria-label={t('picker.offers')}
              >
                {items.map(({ id, provider, name, public_name, status }) => {
                  const offer = { provider, model: name }
                  return (
                    <li key={id}>
                      <label className="hover:bg-sunken flex cursor-pointer items-center gap-3 rounded-md px-2 py-2">
                        <Checkbox checked={has(chosen, offer)} onCheckedChange={() => toggle(offer)} />
                        <span className="min-w-0 flex-1">
                          <span className="block truncate font-medium">{name}</span>
                          <span className="text-ink-faint block truncate text-xs">
                            {provider}
                            {public_name !== name && ` · ${public_name}`}
                          </span>
                        </span>
                        {has(taken, offer) && <Badge>{t('picker.taken')}</Badge>}
                        {status !== 'served' && <Badge tone="warn">{t('picker.off')}</Badge>}
                      </label>
                    </li>
                  )
                })}
              </ul>
              {next_cursor && <p className="text-ink-faint mt-2 text-xs">{t('picker.more')}</p>}
            </>
          )}
        </Loading>
      </div>
    </Overlay>
  )
}
