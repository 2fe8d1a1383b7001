import { useTranslation } from 'react-i18next'
import { DataTable } from '@/components/ui/data-table'
import { useMay } from '@/lib/session'
import type { Model, Price } from './queries'
import type { Changes } from './use-changes'
import { useColumns } from './use-columns'

type Props = {
  models: Model[]
  prices: Map<string, Price | null> | undefined
  changes: Changes
  selected: ReadonlySet<string>
  onSelect: (selected: ReadonlySet<string>) => void
  onOpen: (model: Model) => void
  onEnd: () => void
  busy: boolean
}

export function ModelTable({ models, prices, changes, selected, onSelect, onOpen, onEnd, busy }: Props) {
  const { t } = useTranslation('models')
  const may = useMay()
  const columns = useColumns({ prices, changes, onOpen })
  return (
    <DataTable
      label={t('models')}
      columns={columns}
      rows={models}
      rowKey={(model) => model.id}
      onOpen={onOpen}
      onEnd={onEnd}
      busy={busy}
      rowHeight={52}
      maxHeight="calc(100dvh - 17rem)"
      {...(may('models.write') ? { selection: { selected, onChange: onSelect } } : {})}
    />
  )
}
