import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { KeySquare, Plus, RefreshCw, Search } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SearchInput } from '@/components/search-input'
import { Button } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { Overlay } from '@/components/ui/overlay'
import { EmptyState, Loading } from '@/components/ui/states'
import { Badge, Card, Code } from '@/components/ui/surface'
import { useMay } from '@/lib/session'
import { AddKeys } from './add-keys'
import { BatchBar } from './batch-bar'
import { EditKey } from './edit-key'
import { JobCard } from './job-card'
import { useKeyColumns } from './key-columns'
import { KeysMenu } from './keys-menu'
import { countsQuery, keysQuery, useKeyChanges } from './queries'
import type { KeysSearch } from './search'
import { StateFilter } from './state-filter'
import { useBatch } from './use-batch'
import { useKeyActions } from './use-key-actions'

type Props = {
  provider: string
  search: KeysSearch
  onSearch: (part: Partial<KeysSearch>) => void
}

/** The keys of a provider, however many: found, tested, changed one by one or all together. */
export function KeysView({ provider, search, onSearch }: Props) {
  const { t } = useTranslation('keys')
  const mayDo = useMay()
  const { status, q, tag } = search
  const keys = useInfiniteQuery(keysQuery(provider, search))
  const counts = useQuery(countsQuery(provider)).data
  const changes = useKeyChanges(provider)
  const actions = useKeyActions(provider)
  const batch = useBatch(provider, (job) => onSearch({ job }))
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [cleared, setCleared] = useState(0)
  const [everything, setEverything] = useState(false)
  const columns = useKeyColumns({
    actions,
    onEdit: ({ id }) => onSearch({ key: id }),
    onTag: (chosen) => onSearch({ tag: chosen }),
  })
  const rows = useMemo(() => keys.data?.pages.flatMap(({ items }) => items) ?? [], [keys.data])
  const writes = mayDo('keys.write')
  const clear = () => {
    setSelected(new Set())
    setEverything(false)
  }
  const filter = (part: Partial<KeysSearch>) => {
    clear()
    onSearch(part)
  }
  const fitting = q || tag ? undefined : { ...counts }[status === undefined ? 'total' : status]
  return (
    <>
      {search.job && (
        <JobCard id={search.job} provider={provider} onClose={() => onSearch({ job: undefined })} />
      )}
      <Card className="overflow-hidden">
        <div className="border-line flex flex-wrap items-center gap-2 border-b p-3">
          <StateFilter provider={provider} value={status} onChange={(status) => filter({ status })} />
          <span className="flex-1" />
          <SearchInput
            key={cleared}
            className="w-full sm:w-60"
            label={t('searchKeys')}
            value={q ?? ''}
            onChange={(text) => filter({ q: text || undefined })}
          />
          <Button size="icon" aria-label={t('refresh')} onClick={changes.many}>
            <RefreshCw className={keys.isFetching ? 'animate-spin' : undefined} />
          </Button>
          {writes && (
            <Button variant="primary" onClick={() => onSearch({ dialog: 'add' })}>
              <Plus /> {t('addKeys')}
            </Button>
          )}
          <KeysMenu
            provider={provider}
            counts={counts}
            batch={batch}
            onImport={() => onSearch({ dialog: 'import' })}
          />
        </div>
        {tag && (
          <div className="border-line flex items-center gap-2 border-b px-3 py-2">
            {t('tagged')} <Badge tone="brand">{tag}</Badge>
            <Button variant="link" onClick={() => filter({ tag: undefined })}>
              {t('remove')}
            </Button>
          </div>
        )}
        {selected.size > 0 && writes && (
          <BatchBar
            provider={provider}
            count={everything ? fitting : selected.size}
            meant={everything ? { filter: { status, q, tag } } : { ids: [...selected] }}
            batch={batch}
            onAll={
              !everything && selected.size === rows.length && keys.hasNextPage
                ? () => setEverything(true)
                : undefined
            }
            onClear={clear}
          />
        )}
        <Loading query={keys}>
          {() =>
            rows.length === 0 ? (
              <Nothing
                filtered={Boolean(status || q || tag)}
                onClear={() => {
                  setCleared(cleared + 1)
                  filter({ status: undefined, q: undefined, tag: undefined })
                }}
                onAdd={writes ? () => onSearch({ dialog: 'add' }) : undefined}
              />
            ) : (
              <DataTable
                label={t('keysOf', { provider })}
                columns={columns}
                rows={rows}
                rowKey={({ id }) => id}
                onOpen={({ id }) => onSearch({ key: id })}
                selection={
                  writes
                    ? {
                        selected,
                        onChange: (next) => {
                          setEverything(false)
                          setSelected(next)
                        },
                      }
                    : undefined
                }
                busy={keys.isFetching}
                onEnd={() => keys.hasNextPage && !keys.isFetching && void keys.fetchNextPage()}
                maxHeight="calc(100dvh - 17rem)"
              />
            )
          }
        </Loading>
      </Card>
      {search.dialog && (
        <AddKeys
          provider={provider}
          way={search.dialog === 'import' ? 'import' : 'add'}
          onWay={(dialog) => onSearch({ dialog })}
          onClose={() => onSearch({ dialog: undefined })}
          onJob={(job) => onSearch({ dialog: undefined, job })}
        />
      )}
      {search.key && <EditKey id={search.key} onClose={() => onSearch({ key: undefined })} />}
      {actions.revealed && (
        <Overlay
          open
          onOpenChange={(open) => !open && actions.hide()}
          title={t('revealedTitle')}
          description={t('revealedText')}
          size="md"
        >
          <Code text={actions.revealed.text} />
        </Overlay>
      )}
    </>
  )
}

type NothingProps = { filtered: boolean; onClear: () => void; onAdd: (() => void) | undefined }

function Nothing({ filtered, onClear, onAdd }: NothingProps) {
  const { t } = useTranslation('keys')
  if (filtered) {
    return (
      <EmptyState icon={Search} title={t('noneFits')}>
        <Button onClick={onClear}>{t('clearFilter')}</Button>
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={KeySquare} title={t('emptyTitle')} text={t('emptyText')}>
      {onAdd && (
        <Button variant="primary" onClick={onAdd}>
          <Plus /> {t('addKeys')}
        </Button>
      )}
    </EmptyState>
  )
}
