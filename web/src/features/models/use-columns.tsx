import { MoreHorizontal } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import type { Column } from '@/components/ui/data-table'
import { Switch } from '@/components/ui/field'
import { Menu, MenuItem, MenuSeparator } from '@/components/ui/menu'
import { useFormat } from '@/lib/format'
import { useMay } from '@/lib/session'
import { ModelStatus } from './model-status'
import { NameCell } from './name-cell'
import { PriceText } from './price-text'
import type { Model, Price } from './queries'
import type { Changes } from './use-changes'

type Wanted = {
  prices: Map<string, Price | null> | undefined
  changes: Changes
  onOpen: (model: Model) => void
}

export function useColumns({ prices, changes, onOpen }: Wanted): Column<Model>[] {
  const { t } = useTranslation('models')
  const format = useFormat()
  const may = useMay()
  const editable = (model: Model) => may('models.write') && model.origin !== 'declared'
  return [
    {
      id: 'name',
      header: t('model'),
      className: 'max-w-0 w-[45%] min-w-48',
      cell: (model) => (
        <NameCell
          model={model}
          rename={
            editable(model) && model.status !== 'deleted' ? (name) => changes.rename(model, name) : undefined
          }
        />
      ),
    },
    {
      id: 'provider',
      header: t('provider'),
      from: 'sm',
      className: 'whitespace-nowrap',
      cell: (model) => model.provider,
    },
    { id: 'status', header: t('status'), from: 'sm', cell: (model) => <ModelStatus model={model} /> },
    {
      id: 'context',
      header: t('context'),
      from: 'lg',
      align: 'right',
      className: 'whitespace-nowrap',
      cell: (model) => (model.context_tokens ? format.compact(model.context_tokens) : '–'),
    },
    {
      id: 'price',
      header: t('priceColumn'),
      from: 'md',
      align: 'right',
      cell: (model) => <PriceText model={model} prices={prices} />,
    },
    {
      id: 'enabled',
      header: t('on'),
      cell: (model) =>
        model.status !== 'deleted' && (
          <Switch
            aria-label={t('serveOne', { name: model.public_name })}
            checked={model.enabled}
            disabled={!editable(model) || changes.busy === model.id}
            onCheckedChange={(on) => changes.setEnabled(model, on)}
          />
        ),
    },
    {
      id: 'actions',
      header: <span className="sr-only">{t('more')}</span>,
      className: 'w-10',
      cell: (model) => (
        <Menu
          trigger={
            <Button variant="ghost" size="icon-sm" aria-label={t('actionsOf', { name: model.public_name })}>
              <MoreHorizontal />
            </Button>
          }
        >
          <MenuItem onSelect={() => onOpen(model)}>{t('details')}</MenuItem>
          {editable(model) && model.renamed && (
            <MenuItem onSelect={() => changes.resetName(model)}>{t('usualName')}</MenuItem>
          )}
          {editable(model) && <MenuSeparator />}
          {editable(model) &&
            (model.status === 'deleted' ? (
              <MenuItem onSelect={() => changes.setDeleted(model, false)}>{t('restore')}</MenuItem>
            ) : (
              <MenuItem danger onSelect={() => changes.setDeleted(model, true)}>
                {t('delete')}
              </MenuItem>
            ))}
        </Menu>
      ),
    },
  ]
}
