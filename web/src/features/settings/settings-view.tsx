import { useQuery } from '@tanstack/react-query'
import { SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Input, Select } from '@/components/ui/field'
import { EmptyState, Loading } from '@/components/ui/states'
import { Notice } from '@/components/ui/surface'
import { api, body, explain } from '@/lib/api'
import { cn } from '@/lib/cn'
import { useMay } from '@/lib/session'
import { SectionPanel } from './section-panel'
import { type Section, type Spec, order, sections } from './specs'
import type { Settings } from './state'
import { StatusNotices } from './status-notices'
import { useDraft } from './use-draft'
import { useNames } from './use-names'

export type Where = { q?: string | undefined; section?: string | undefined }
type Props = Where & { onGo: (where: Where) => void }

/** All settings: a section at a time, or what a search finds in all of them. */
export function SettingsView(props: Props) {
  const query = useQuery({ queryKey: ['settings'], queryFn: () => body(api.GET('/api/v1/settings')) })
  return <Loading query={query}>{(answer) => <Shown {...props} answer={answer} />}</Loading>
}

function Shown({ q, section, onGo, answer }: Props & { answer: Settings }) {
  const { t } = useTranslation('settings')
  const draft = useDraft(answer)
  const mayWrite = useMay()('settings.write')
  const matches = useMatches(q)
  const place = ({ name }: Section) => (order.includes(name) ? order.indexOf(name) : order.length)
  const ordered = sections.toSorted((left, right) => place(left) - place(right))
  const current = ordered.find(({ name }) => name === section)?.name ?? 'gateway'
  const shown = (q ? ordered : ordered.filter(({ name }) => name === current))
    .map((section) => ({
      ...section,
      groups: section.groups
        .map((group) => ({ ...group, specs: group.specs.filter((spec) => matches(section, spec)) }))
        .filter(({ specs }) => specs.length > 0),
    }))
    .filter(({ groups }) => groups.length > 0)
  return (
    <>
      <StatusNotices answer={answer} />
      <Input
        type="search"
        className="mb-4 max-w-xl"
        aria-label={t('search')}
        placeholder={t('searchText')}
        value={q ?? ''}
        onChange={(event) => onGo({ section, q: event.target.value || undefined })}
      />
      <div className="grid items-start gap-5 lg:grid-cols-[13rem_1fr]">
        <SectionNav
          sections={ordered}
          current={q ? undefined : current}
          editable={answer.editable}
          onGo={(section) => onGo({ section })}
        />
        <div className="flex min-w-0 flex-col gap-5">
          {shown.length === 0 && <EmptyState icon={SearchX} title={t('nothing')} text={t('nothingText')} />}
          {shown.map((section) => (
            <SectionPanel
              key={section.name}
              section={section}
              answer={answer}
              mayWrite={mayWrite}
              draft={draft}
            />
          ))}
        </div>
      </div>
      {draft.draft.size > 0 && <SaveBar draft={draft} />}
    </>
  )
}

/** Every word has to be in a setting's name, label or description. */
function useMatches(q: string | undefined) {
  const names = useNames()
  const words = (q ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  return (section: Section, spec: Spec) => {
    if (words.length === 0) return true
    const { label, text } = names(spec.path, spec.description)
    const all = `${spec.path.join('.')} ${label} ${text} ${spec.description} ${section.name}`.toLowerCase()
    return words.every((word) => all.includes(word))
  }
}

type NavProps = {
  sections: Section[]
  current: string | undefined
  editable: string[]
  onGo: (section: string) => void
}

function SectionNav({ sections, current, editable, onGo }: NavProps) {
  const { t } = useTranslation('settings')
  const halves: [string, Section[]][] = [
    ['canChange', sections.filter(({ name }) => editable.includes(name))],
    ['startOnly', sections.filter(({ name }) => !editable.includes(name))],
  ]
  return (
    <>
      <Select
        className="lg:hidden"
        aria-label={t('section')}
        value={current ?? ''}
        onChange={(event) => onGo(event.target.value)}
      >
        {current === undefined && <option value="">{t('found')}</option>}
        {halves.map(([half, of]) => (
          <optgroup key={half} label={t(half)}>
            {of.map(({ name }) => (
              <option key={name} value={name}>
                {t(`sections.${name}.name`, name)}
              </option>
            ))}
          </optgroup>
        ))}
      </Select>
      <nav aria-label={t('section')} className="sticky top-20 hidden lg:block">
        {halves.map(([half, of]) => (
          <div key={half} className="mb-4">
            <p className="text-ink-faint px-2.5 py-1 text-xs font-medium">{t(half)}</p>
            {of.map(({ name }) => (
              <button
                key={name}
                type="button"
                aria-current={name === current ? 'true' : undefined}
                onClick={() => onGo(name)}
                className={cn(
                  'text-ink-soft hover:bg-sunken block w-full rounded-md px-2.5 py-1.5 text-left',
                  name === current && 'bg-brand-soft text-brand font-medium',
                )}
              >
                {t(`sections.${name}.name`, name)}
              </button>
            ))}
          </div>
        ))}
      </nav>
    </>
  )
}

function SaveBar({ draft: { draft, saving, discard } }: { draft: ReturnType<typeof useDraft> }) {
  const { t } = useTranslation('settings')
  return (
    <div
      role="region"
      aria-label={t('pending', { count: draft.size })}
      className="bg-surface border-line-strong sticky bottom-3 z-10 mt-5 flex flex-wrap items-center gap-3 rounded-lg border p-3 shadow-lg"
    >
      <p aria-live="polite" className="flex-1 font-medium whitespace-nowrap">
        {t('pending', { count: draft.size })}
      </p>
      <Button onClick={discard}>{t('discard')}</Button>
      <Button variant="primary" busy={saving.isPending} onClick={() => saving.mutate()}>
        {t('save')}
      </Button>
      {saving.error && (
        <Notice tone="bad" className="w-full whitespace-pre-line">
          {explain(saving.error)}
        </Notice>
      )}
    </div>
  )
}
