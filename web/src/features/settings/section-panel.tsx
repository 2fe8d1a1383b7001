import { useTranslation } from 'react-i18next'
import { Card } from '@/components/ui/surface'
import { SettingRow } from './setting-row'
import type { Section } from './specs'
import { type Settings, nameOf, stateOf } from './state'
import type { useDraft } from './use-draft'
import { useNames } from './use-names'

type Props = {
  section: Section
  answer: Settings
  mayWrite: boolean
  draft: ReturnType<typeof useDraft>
}

/** The settings of one section, by group. */
export function SectionPanel({ section, answer, mayWrite, draft }: Props) {
  const { t } = useTranslation('settings')
  const names = useNames()
  const editable = answer.editable.includes(section.name)
  return (
    <section>
      <header className="mb-3">
        <h2 className="text-base font-semibold">{t(`sections.${section.name}.name`, section.name)}</h2>
        <p className="text-ink-soft">{t(`sections.${section.name}.text`, section.description)}</p>
        {!editable && <p className="text-ink-faint mt-1 text-xs">{t('startOnlyText')}</p>}
      </header>
      <div className="flex flex-col gap-4">
        {section.groups.map((group) => {
          const { label, text } = names(group.path, group.description)
          return (
            <Card key={nameOf(group.path)} className="@container overflow-hidden">
              {group.path.length > 1 && (
                <div className="bg-sunken/60 border-line border-b px-4 py-2.5">
                  <h3 className="font-semibold">{label}</h3>
                  {text && <p className="text-ink-faint text-xs">{text}</p>}
                </div>
              )}
              {group.specs.map((spec) => (
                <SettingRow
                  key={nameOf(spec.path)}
                  spec={spec}
                  state={stateOf(spec, answer, draft.draft)}
                  mayWrite={mayWrite}
                  error={draft.errorOf(spec)}
                  onChange={(value) => draft.change(spec, value)}
                />
              ))}
            </Card>
          )
        })}
      </div>
    </section>
  )
}
