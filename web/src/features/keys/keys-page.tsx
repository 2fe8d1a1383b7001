import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { PlugZap } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Select } from '@/components/ui/field'
import { EmptyState, Loading } from '@/components/ui/states'
import { Card, PageHeader } from '@/components/ui/surface'
import { useFormat } from '@/lib/format'
import { KeysView } from './keys-view'
import { providersQuery } from './queries'
import type { KeysSearch } from './search'

type Props = {
  provider: string | undefined
  search: KeysSearch
  onProvider: (name: string) => void
  onSearch: (part: Partial<KeysSearch>) => void
}

/** Keys, one provider's at a time: without a choice, of the one that has most. */
export function KeysPage({ provider, search, onProvider, onSearch }: Props) {
  const { t } = useTranslation('keys')
  const format = useFormat()
  const providers = useQuery(providersQuery)
  return (
    <Loading query={providers}>
      {({ items }) => {
        const most = items.toSorted((one, other) => other.keys.total - one.keys.total)[0]?.name
        const shown = provider ?? most
        return (
          <>
            <PageHeader title={t('title')} text={t('intro')}>
              {shown !== undefined && (
                <Select
                  className="w-64 max-w-full"
                  aria-label={t('provider')}
                  value={shown}
                  onChange={(event) => onProvider(event.target.value)}
                >
                  {!items.some(({ name }) => name === shown) && <option value={shown}>{shown}</option>}
                  {items.map(({ id, name, keys }) => (
                    <option key={id} value={name}>
                      {`${name} (${format.number(keys.total)})`}
                    </option>
                  ))}
                </Select>
              )}
            </PageHeader>
            {shown === undefined ? (
              <Card>
                <EmptyState icon={PlugZap} title={t('noProvider')} text={t('noProviderText')}>
                  <Button asChild variant="primary">
                    <Link to="/providers" search={{ add: true }}>
                      {t('addProvider')}
                    </Link>
                  </Button>
                </EmptyState>
              </Card>
            ) : (
              <KeysView key={shown} provider={shown} search={search} onSearch={onSearch} />
            )}
          </>
        )
      }}
    </Loading>
  )
}
