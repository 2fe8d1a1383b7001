import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { RefreshCw, Tags, WandSparkles } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { EmptyState, ErrorState, LoadingRows } from '@/components/ui/states'
import { Card, PageHeader } from '@/components/ui/surface'
import { useMay } from '@/lib/session'
import { BatchBar } from './batch-bar'
import { BatchRename } from './batch-rename'
import { ModelFilters } from './model-filters'
import { ModelSheet } from './model-sheet'
import { ModelTable } from './model-table'
import { type Filter, countsQuery, modelsQuery, pricesQuery } from './queries'
import { RulesSheet } from './rules-sheet'
import { SyncDialog } from './sync-dialog'
import { useChanges } from './use-changes'

export type ModelsSearch = Filter & { model?: string | undefined; dialog?: 'rules' | 'sync' | undefined }

type Props = { search: ModelsSearch; go: (part: ModelsSearch) => void }

/** All models of all providers. */
export function ModelsPage({ search, go }: Props) {
  const { t } = useTranslation('models')
  const may = useMay()
  const filter: Filter = { provider: search.provider, q: search.q, status: search.status }
  const list = useInfiniteQuery(modelsQuery(filter))
  const counts = useQuery(countsQuery(filter))
  const prices = useQuery(pricesQuery)
  const changes = useChanges()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [everything, setEverything] = useState(false)
  // Boxes that were written in are made anew when somebody else empties them.
  const [resets, setResets] = useState(0)
  const [renaming, setRenaming] = useState(false)
  const total = counts.data?.[search.status ?? 'all']
  const select = (next: ReadonlySet<string>) => {
    setSelected(next)
    setEverything(false)
  }
  const filterBy = (part: Filter) => {
    select(new Set())
    go(part)
  }
  const models = list.data?.pages.flatMap((page) => page.items) ?? []
  const pick = everything ? { filter } : { ids: [...selected] }
  const count = everything ? (total ?? selected.size) : selected.size
  const filtered = Boolean(search.provider ?? search.q ?? search.status)
  return (
    <>
      <PageHeader title={t('title')} text={t('text')}>
        {may('settings.read') && (
          <Button onClick={() => go({ dialog: 'rules' })}>
            <WandSparkles /> {t('ruleEditor.open')}
          </Button>
        )}
        {may('models.write') && may('providers.read') && (
          <Button variant="primary" onClick={() => go({ dialog: 'sync' })}>
            <RefreshCw /> {t('sync.open')}
          </Button>
        )}
      </PageHeader>
      <Card className="overflow-hidden">
        <ModelFilters key={resets} filter={filter} onChange={filterBy} />
        {selected.size > 0 && (
          <BatchBar
            pick={pick}
            count={count}
            total={total}
            status={search.status}
            onAll={() => setEverything(true)}
            onClear={() => select(new Set())}
            onRename={() => setRenaming(true)}
          />
        )}
        {list.isError ? (
          <ErrorState error={list.error} retry={() => void list.refetch()} />
        ) : list.isPending ? (
          <LoadingRows rows={10} />
        ) : models.length > 0 ? (
          <ModelTable
            models={models}
            prices={prices.data}
            changes={changes}
            selected={selected}
            onSelect={select}
            onOpen={(model) => go({ model: model.id })}
            onEnd={() => list.hasNextPage && !list.isFetching && void list.fetchNextPage()}
            busy={list.isFetching}
          />
        ) : (
          <EmptyState
            icon={Tags}
            title={t(filtered ? 'nothingFits' : 'nothing')}
            text={t(filtered ? 'nothingFitsText' : 'nothingText')}
          >
            {filtered && (
              <Button
                onClick={() => {
                  setResets(resets + 1)
                  go({ provider: undefined, q: undefined, status: undefined })
                }}
              >
                {t('resetFilters')}
              </Button>
            )}
          </EmptyState>
        )}
      </Card>
      {search.model && (
        <ModelSheet id={search.model} changes={changes} close={() => go({ model: undefined })} />
      )}
      {search.dialog === 'rules' && <RulesSheet close={() => go({ dialog: undefined })} />}
      {search.dialog === 'sync' && (
        <SyncDialog first={search.provider} close={() => go({ dialog: undefined })} />
      )}
      {renaming && (
        <BatchRename
          pick={pick}
          count={count}
          close={() => setRenaming(false)}
          onDone={() => select(new Set())}
        />
      )}
    </>
  )
}
