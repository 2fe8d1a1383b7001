import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Command } from 'cmdk'
import { KeyRound, Languages, type LucideIcon, Moon, PlugZap, Plus, Tags, Users } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { currentLanguage, languages, setLanguage } from '@/i18n'
import { api, body } from '@/lib/api'
import { useTheme } from '@/lib/preferences'
import { useMay } from '@/lib/session'
import { usePlaces } from './navigation'

type Props = { open: boolean; onOpenChange: (open: boolean) => void }

/** Ctrl/Cmd+K: every page, object and action by its name. */
export function Palette({ open, onOpenChange }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/45" />
        <Dialog.Content
          aria-describedby={undefined}
          className="bg-surface border-line fixed inset-x-3 top-[10dvh] z-50 mx-auto max-w-xl overflow-hidden rounded-xl border shadow-2xl outline-none"
        >
          <Dialog.Title className="sr-only">{t('palette.open')}</Dialog.Title>
          <PaletteList close={() => onOpenChange(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function PaletteList({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const mayDo = useMay()
  const [text, setText] = useState('')
  const [theme, setTheme] = useTheme()
  const sections = usePlaces()
  const objects = useObjects(text)
  const run = (act: () => unknown) => () => {
    close()
    void act()
  }
  const other = currentLanguage() === 'en' ? 'zh' : 'en'
  return (
    <Command label={t('palette.open')} loop>
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder={t('palette.placeholder')}
        className="border-line placeholder:text-ink-faint h-12 w-full border-b bg-transparent px-4 text-base outline-none"
      />
      <Command.List className="max-h-[55dvh] overflow-y-auto p-2">
        <Command.Empty className="text-ink-soft p-6 text-center">{t('palette.nothing')}</Command.Empty>
        <Group heading={t('palette.pages')}>
          {sections.flatMap(({ places }) =>
            places.map(({ name, to, icon, keys }) => (
              <Item
                key={name}
                value={`${t(`nav.${name}`)} ${name}`}
                icon={icon}
                onSelect={run(() => navigate({ to }))}
                detail={keys}
              >
                {t(`nav.${name}`)}
              </Item>
            )),
          )}
        </Group>
        {objects.length > 0 && (
          <Group heading={t('palette.objects')}>
            {objects.map(({ key, label, detail, icon, to }) => (
              <Item
                key={key}
                value={`${label} ${key}`}
                icon={icon}
                detail={detail}
                onSelect={run(() => navigate({ href: to }))}
              >
                {label}
              </Item>
            ))}
          </Group>
        )}
        <Group heading={t('palette.actions')}>
          {mayDo('providers.write') && (
            <Item
              value={`${t('palette.addProvider')} add provider`}
              icon={Plus}
              onSelect={run(() => navigate({ href: '/providers?add=true' }))}
            >
              {t('palette.addProvider')}
            </Item>
          )}
          {mayDo('access_keys.own') && (
            <Item
              value={`${t('palette.addAccessKey')} add access key`}
              icon={Plus}
              onSelect={run(() => navigate({ href: '/access-keys?add=true' }))}
            >
              {t('palette.addAccessKey')}
            </Item>
          )}
          <Item
            value={`${t('theme.toggle')} theme dark light`}
            icon={Moon}
            onSelect={run(() => setTheme(theme === 'dark' ? 'light' : 'dark'))}
          >
            {t('theme.toggle')}
          </Item>
          <Item
            value={`language ${languages[other]}`}
            icon={Languages}
            onSelect={run(() => setLanguage(other))}
          >
            {languages[other]}
          </Item>
        </Group>
      </Command.List>
    </Command>
  )
}

type Found = { key: string; label: string; detail?: string; icon: LucideIcon; to: string }

/** Objects whose names hold the text: providers, models, access keys, users. */
function useObjects(text: string): Found[] {
  const mayDo = useMay()
  const q = text.trim()
  const asked = q.length >= 2
  const providers = useQuery({
    queryKey: ['providers'],
    queryFn: () => body(api.GET('/api/v1/providers')),
    enabled: mayDo('providers.read'),
  })
  const search = { params: { query: { q, limit: 8 } } }
  const models = useQuery({
    queryKey: ['palette', 'models', q],
    queryFn: () => body(api.GET('/api/v1/models', search)),
    enabled: asked && mayDo('models.read'),
  })
  const keys = useQuery({
    queryKey: ['palette', 'access-keys', q],
    queryFn: () => body(api.GET('/api/v1/access-keys', search)),
    enabled: asked && mayDo('access_keys.own'),
  })
  const users = useQuery({
    queryKey: ['palette', 'users', q],
    queryFn: () => body(api.GET('/api/v1/users', search)),
    enabled: asked && mayDo('users.read'),
  })
  return [
    ...(providers.data?.items ?? []).map(({ id, name }) => ({
      key: id,
      label: name,
      icon: PlugZap,
      to: `/providers/${name}`,
    })),
    ...(models.data?.items ?? []).map(({ id, public_name, provider }) => ({
      key: id,
      label: public_name,
      detail: provider,
      icon: Tags,
      to: `/models?q=${encodeURIComponent(public_name)}`,
    })),
    ...(keys.data?.items ?? []).map(({ id, name }) => ({
      key: id,
      label: name,
      icon: KeyRound,
      to: `/access-keys/${id}`,
    })),
    ...(users.data?.items ?? []).map(({ id, name, email }) => ({
      key: id,
      label: name || email,
      detail: email,
      icon: Users,
      to: `/users/${id}`,
    })),
  ]
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:text-ink-faint [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs"
    >
      {children}
    </Command.Group>
  )
}

type ItemProps = {
  value: string
  icon: LucideIcon
  detail?: string | undefined
  onSelect: () => void
  children: ReactNode
}

function Item({ value, icon: Icon, detail, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="data-[selected=true]:bg-brand-soft data-[selected=true]:text-brand flex items-center gap-2.5 rounded-md px-2.5 py-2"
    >
      <Icon className="size-4 shrink-0" aria-hidden />
      <span className="flex-1 truncate">{children}</span>
      {detail && <span className="text-ink-faint truncate text-xs">{detail}</span>}
    </Command.Item>
  )
}
