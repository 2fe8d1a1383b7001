import { useInfiniteQuery } from '@tanstack/react-query'
import { GitBranch, Plus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SearchInput } from '@/components/search-input'
import { Button } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { Field, Input, Select } from '@/components/ui/field'
import { Overlay } from '@/components/ui/overlay'
import { EmptyState, ErrorState, LoadingRows } from '@/components/ui/states'
import { Card, PageHeader } from '@/components/ui/surface'
import { useProviderNames } from '@/lib/provider-names'
import { useMay } from '@/lib/session'
import { type Filter, origin as origins, routesQuery } from './queries'
import { useColumns } from './use-columns'

type Search = Filter & { dialog?: 'new' | undefined }
type Props = { search: Search; go: (part: Search) => void; open: (model: string) => void }

/** How each public name is served. */
export function RoutesPage({ search, go, open }: Props) {
  const { t } = useTranslation('routes')
  const may = useMay()
  const providers = useProviderNames()
  const [resets, setResets] = useState(0)
  const columns = useColumns()
  const list = useInfiniteQuery(routesQuery(search))
  const routes = list.data?.pages.flatMap((page) => page.items) ?? []
  const filtered = Boolean(search.q ?? search.provider ?? search.origin)
  return (
    <>
      <PageHeader title={t('title')} text={t('text')}>
        {may('routes.write') && (
          <Button variant="primary" onClick={() => go({ dialog: 'new' })}>
            <Plus /> {t('new.open')}
          </Button>
        )}
      </PageHeader>
      <Card className="overflow-hidden">
        <div className="border-line flex flex-wrap gap-2 border-b p-3">
          <SearchInput
            key={resets}
            label={t('searchRoutes')}
            value={search.q ?? ''}
            onChange={(q) => go({ q: q || undefined })}
            className="min-w-40 flex-1 sm:max-w-80"
          />
          <Select
            aria-label={t('origin')}
            className="w-auto min-w-32 max-sm:flex-1"
            value={search.origin ?? ''}
            onChange={({ target: { value } }) => go({ origin: origins.options.find((one) => one === value) })}
          >
            <option value="">{t('allOrigins')}</option>
            {origins.options.map((one) => (
              <option key={one} value={one}>
                {t(`origins.${one}`)}
              </option>
            ))}
          </Select>
          {providers.length > 0 && (
            <Select
              aria-label={t('provider')}
              className="w-auto min-w-36 max-sm:flex-1"
              value={search.provider ?? ''}
              onChange={(event) => go({ provider: event.target.value || undefined })}
            >
              <option value="">{t('allProviders')}</option>
              {providers.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </div>
        {list.isError ? (
          <ErrorState error={list.error} retry={() => void list.refetch()} />
        ) : list.isPending ? (
          <LoadingRows rows={10} />
        ) : routes.length > 0 ? (
          <DataTable
            label={t('title')}
            columns={columns}
            rows={routes}
            rowKey={({ model }) => model}
            onOpen={({ model }) => open(model)}
            onEnd={() => list.hasNextPage && !list.isFetching && void list.fetchNextPage()}
            busy={list.isFetching}
            maxHeight="calc(100dvh - 17rem)"
          />
        ) : (
          <EmptyState
            icon={GitBranch}
            title={t(filtered ? 'nothingFits' : 'nothing')}
            text={t(filtered ? 'nothingFitsText' : 'nothingText')}
          >
            {filtered && (
              <Button
                onClick={() => {
                  setResets(resets + 1)
                  go({ q: undefined, provider: undefined, origin: undefined })
                }}
              >
                {t('resetFilters')}
              </Button>
            )}
          </EmptyState>
        )}
      </Card>
      {search.dialog === 'new' && <NewRoute close={() => go({ dialog: undefined })} open={open} />}
    </>
  )
}

function NewRoute({ close, open }: { close: () => void; open: (model: string) => void }) {
  const { t } = useTranslation('routes')
  const [name, setName] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    open(name.trim())
  }
  return (
    <Overlay
      open
      onOpenChange={(shown) => !shown && close()}
      size="sm"
      title={t('new.title')}
      description={t('new.text')}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('publicName')} hint={t('new.hint')}>
          <Input
            autoFocus
            required
            pattern=".*\S.*"
            value={name}
            placeholder="team/best-model"
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="submit" variant="primary">
            {t('next')}
          </Button>
        </div>
      </form>
    </Overlay>
  )
}
