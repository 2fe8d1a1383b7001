import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { markOf } from '@/components/providers/presets'
import { ProviderLogo } from '@/components/providers/provider-logo'
import { Button } from '@/components/ui/button'
import { useMay } from '@/lib/session'
import { PresetPicker } from './preset-picker'
import { providersQuery } from './queries'
import { addressesOf, readSpec } from './spec'

type Props = { onPreset: (id: string) => void; onExisting: (name: string) => void }

/** A provider to connect, or one that is there: the demo, or what a file brought. */
export function WelcomePick({ onPreset, onExisting }: Props) {
  const { t } = useTranslation('providers')
  const mayDo = useMay()
  const items = useQuery(providersQuery).data?.items ?? []
  const demo = items.find(({ kind }) => kind === 'demo')
  const others = items.filter(({ kind }) => kind !== 'demo')
  return (
    <div className="flex flex-col gap-5">
      <h2 className="text-base font-semibold">{t('welcome.pickTitle')}</h2>
      {demo && (
        <div className="bg-brand-soft flex flex-wrap items-center gap-3 rounded-lg p-3">
          <ProviderLogo mark="demo" />
          <div className="min-w-0 flex-1 basis-48">
            <div className="font-medium">{t('welcome.demoTitle')}</div>
            <p className="text-ink-soft">{t('welcome.demoText')}</p>
          </div>
          <Button onClick={() => onExisting(demo.name)}>{t('welcome.demoUse')}</Button>
        </div>
      )}
      {others.length > 0 && (
        <section aria-labelledby="existing">
          <h3 id="existing" className="text-ink-faint mb-2 text-xs font-medium">
            {t('welcome.existing')}
          </h3>
          <div className="flex flex-wrap gap-2">
            {others.slice(0, 8).map((provider) => (
              <Button key={provider.id} onClick={() => onExisting(provider.name)}>
                <ProviderLogo
                  mark={markOf(provider.kind, addressesOf(readSpec(provider))[0])}
                  className="size-5 border-0"
                />
                {provider.name}
              </Button>
            ))}
          </div>
        </section>
      )}
      {mayDo('providers.write') && <PresetPicker onPick={({ id }) => onPreset(id)} />}
    </div>
  )
}
