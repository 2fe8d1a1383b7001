import { useNavigate } from '@tanstack/react-router'
import { Ellipsis, Pencil, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { BackLink } from '@/components/back-link'
import { Button } from '@/components/ui/button'
import { useConfirm } from '@/components/ui/confirm'
import { Menu, MenuItem, MenuSeparator } from '@/components/ui/menu'
import { Notice, PageHeader } from '@/components/ui/surface'
import { type Schema, api, body } from '@/lib/api'
import { AccessKeyFacts } from './access-key-facts'
import type { AccessKey } from './draft'
import { EditDialog } from './edit-dialog'
import { FreshKey } from './fresh-key'
import { useChange } from './queries'
import { StandingBadge } from './standing-badge'

/** One access key, what it has used, and what can be done with it. */
export function AccessKeyPage({ accessKey }: { accessKey: AccessKey }) {
  const { t } = useTranslation('access-keys')
  const navigate = useNavigate()
  const confirm = useConfirm()
  const [editing, setEditing] = useState(false)
  const [fresh, setFresh] = useState<Schema<'FreshAccessKey'>>()
  const { id, name, enabled, editable } = accessKey
  const path = { params: { path: { id } } }
  const rotate = useChange({
    act: (grace: string | null) =>
      body(api.POST('/api/v1/access-keys/{id}/rotate', { ...path, body: { grace } })),
    onDone: setFresh,
  })
  const toggle = useChange({
    act: () => api.PATCH('/api/v1/access-keys/{id}', { ...path, body: { name, enabled: !enabled } }),
    done: t('changed'),
  })
  const revoke = useChange({
    act: () => api.POST('/api/v1/access-keys/{id}/revoke', path),
    done: t('revoked'),
  })
  const remove = useChange({
    act: () => api.DELETE('/api/v1/access-keys/{id}', path),
    done: t('deleted', { name }),
    onDone: () => void navigate({ to: '/access-keys' }),
  })
  const asked = async (question: 'revoke' | 'delete' | 'rotate', act: () => void) => {
    const action = t(question)
    if (
      await confirm({
        title: t(`${question}Title`, { name }),
        text: t(`${question}Text`),
        action,
        danger: question !== 'rotate',
      })
    )
      act()
  }
  return (
    <>
      <BackLink to="/access-keys">{t('title')}</BackLink>
      <PageHeader
        title={
          <span className="inline-flex flex-wrap items-center gap-2.5">
            {name} <StandingBadge accessKey={accessKey} />
          </span>
        }
        text={accessKey.description}
      >
        {editable && (
          <>
            <Button onClick={() => setEditing(true)}>
              <Pencil /> {t('edit')}
            </Button>
            <Button onClick={() => void asked('rotate', () => rotate.mutate(null))} busy={rotate.isPending}>
              <RefreshCw /> {t('rotate')}
            </Button>
            <Menu
              trigger={
                <Button size="icon" aria-label={t('more')}>
                  <Ellipsis />
                </Button>
              }
            >
              <MenuItem onSelect={() => rotate.mutate('1h')}>{t('rotateGrace')}</MenuItem>
              <MenuItem onSelect={() => toggle.mutate()}>{enabled ? t('disable') : t('enable')}</MenuItem>
              <MenuSeparator />
              <MenuItem danger onSelect={() => void asked('revoke', () => revoke.mutate())}>
                {t('revoke')}
              </MenuItem>
              <MenuItem danger onSelect={() => void asked('delete', () => remove.mutate())}>
                {t('delete')}
              </MenuItem>
            </Menu>
          </>
        )}
      </PageHeader>
      {!editable && <Notice className="mb-4">{t('declaredWhy')}</Notice>}
      {accessKey.warnings.map((warning) => (
        <Notice key={warning} tone="warn" className="mb-4">
          {warning}
        </Notice>
      ))}
      <AccessKeyFacts accessKey={accessKey} />
      <EditDialog key={String(editing)} accessKey={accessKey} open={editing} onOpenChange={setEditing} />
      {fresh && <FreshKey accessKey={fresh} open onOpenChange={() => setFresh(undefined)} />}
    </>
  )
}
