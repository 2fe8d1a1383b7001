import { Search } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Preset, presets } from '@/components/providers/presets'
import { ProviderLogo } from '@/components/providers/provider-logo'
import { Input } from '@/components/ui/field'

const groups: Preset['group'][] = ['china', 'world', 'own']

/** The known providers to choose from, found by name or address. */
export function PresetPicker({ onPick }: { onPick: (preset: Preset) => void }) {
  const { t } = useTranslation('providers')
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const fits = (preset: Preset) =>
    [preset.id, t(`presets.${preset.id}`), preset.kind, ...preset.endpoints.map(({ url }) => url)].some(
      (part) => part.toLowerCase().includes(wanted),
    )
  const found = presets.filter(fits)
  return (
    <div className="flex flex-col gap-4">
      <div className="relative">
        <Search className="text-ink-faint absolute top-2.5 left-3 size-4" aria-hidden />
        <Input
          type="search"
          className="pl-9"
          placeholder={t('findPreset')}
          aria-label={t('findPreset')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {groups.map((group) => {
        const members = found.filter((preset) => preset.group === group)
        if (members.length === 0) return null
        return (
          <section key={group} aria-labelledby={`group-${group}`}>
            <h3 id={`group-${group}`} className="text-ink-faint mb-2 text-xs font-medium">
              {t(`groups.${group}`)}
            </h3>
            <ul className="grid grid-cols-1 gap-2 min-[420px]:grid-cols-2 md:grid-cols-3">
              {members.map((preset) => (
                <li key={preset.id}>
                  <button
                    type="button"
                    className="border-line hover:border-brand hover:bg-brand-soft flex w-full items-center gap-3 rounded-lg border p-2.5 text-left transition-colors"
                    onClick={() => onPick(preset)}
                  >
                    <ProviderLogo mark={preset.id} />
                    <span className="min-w-0 flex-1 leading-tight font-medium">
                      {t(`presets.${preset.id}`)}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )
      })}
      {found.length === 0 && <p className="text-ink-soft py-6 text-center">{t('noPreset')}</p>}
    </div>
  )
}
